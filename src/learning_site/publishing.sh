# What the host does when a site is published: sh -s -- begin|switch|back FOLDER [RELEASE KEPT]. Says what is served then.
# To rename a link is one step for all who ask for a page; `ln -sfn` alone would be two. Needs GNU mv.
set -eu
step=$1
mkdir -p "$2/releases"
cd "$2"

served() { readlink current || true; }

# The names of all whole releases, the one that was published last first.
releases() { ls -1t releases; }

serve() {
  ln -sfn "releases/$1" .next
  mv -T .next current
  echo "$1"
}

case $step in
  begin)
    served
    ;;
  switch)
    release=$3
    before=$(basename "$(served)")
    if [ ! -d "releases/$release" ]; then
      mv -T "releases/.$release" "releases/$release"
    fi
    touch "releases/$release"
    serve "$release"
    releases | tail -n +"$(($4 + 1))" | while read -r old; do
      [ "$old" = "$before" ] || rm -rf "releases/$old"
    done
    rm -rf releases/.[!.]*
    ;;
  back)
    now=$(basename "$(served)")
    before=$(releases | sed -n 2p)
    if [ -z "$before" ]; then
      echo "there is no release before this one" >&2
      exit 1
    fi
    serve "$before"
    mv -T "releases/$now" "releases/.$now"
    ;;
esac
