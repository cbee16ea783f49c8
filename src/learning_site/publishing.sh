# What the host does when a site is published: sh -s -- begin|switch|back FOLDER [RELEASE KEPT]. Says what is served then.
# To rename a link is one step for all who ask for a page; `ln -sfn` alone would be two. Needs GNU mv.
#
# `history` names the releases that stay, the one that was published last first. What stands in it above the served one
# does not count: it was gone back from, or its switch never came to its end. So `current` alone says how far a step got,
# and each step can be killed anywhere and done again.
set -eu
step=$1

refuse() {
  echo "$1" >&2
  exit 1
}

if [ -e "$2/current" ] && [ ! -L "$2/current" ]; then
  refuse "$2/current is no link: it was not made by this command. Rename it, then run the command again"
fi
if [ "$step" = back ] && [ ! -d "$2/releases" ]; then
  refuse "nothing was published to $2 yet; is it the right folder?"
fi
mkdir -p "$2/releases"
cd "$2"
now=$(basename "$(readlink current || true)")

# Of the names that are read, those of releases that are there.
there() {
  while read -r name; do
    if [ -n "$name" ] && [ -d "releases/$name" ]; then echo "$name"; fi
  done
}

# The releases before the one that is served, the last one first.
before() {
  if [ -f history ]; then awk -v now="$now" 'found; $0 == now { found = 1 }' history | there; fi
}

serve() {
  ln -sfn "releases/$1" .next
  mv -T .next current || { rm -f .next; exit 1; }
  echo "$1"
}

# Remove what is not to stay. It gets the name of what is not whole first, so that a half removed one is never served.
tidy() {
  for path in releases/*; do
    old=$(basename "$path")
    if [ "$old" != "$release" ] && [ "$old" != "$now" ] && ! grep -qxF -e "$old" history; then
      rm -rf "releases/.$old" && mv -T "$path" "releases/.$old" || return
    fi
  done
  rm -rf releases/.[!.]*
}

case $step in
  begin)
    if [ -d "releases/$now" ]; then echo "$now"; fi
    ;;
  switch)
    release=$3
    kept=$4
    if [ "$kept" -lt 2 ]; then kept=2; fi # the way back stays
    if [ ! -d "releases/$release" ]; then
      mv -T "releases/.$release" "releases/$release"
    fi
    { echo "$release"; echo "$now"; before; } | there | awk '!seen[$0]++' | head -n "$kept" >.history
    mv -T .history history
    serve "$release"
    tidy || echo "releases that are no longer needed could not be removed" >&2
    ;;
  back)
    earlier=$(before | head -n 1)
    if [ -z "$earlier" ]; then
      refuse "there is no release before this one"
    fi
    serve "$earlier"
    ;;
esac
