// The search's engine where the index is in chunks: Pagefind says which pages hold a word and where, and fetches only the
// chunks in which it can be, and the texts of the best pages. What counts how much is that of the whole index.
// `answering` gives a function from words, each in all its spellings, to pages with their parts, the best first.
const MOST = 12; // pages whose texts are fetched; of others it is only known that there are some
const AGAIN = 0.1; // how much a word counts that stands in a part once more
const BEFORE = 6, SHOWN = 24; // words of a text before the first that was found, and in all
const UNSEEN = "\u2063"; // before words that find a part and are not shown

export const answering = async (pagefind, holds, { pages: inAll, boosts, fields }) => {
  await pagefind.options({ baseUrl: "/", ranking: { pageLength: 0, termFrequency: 0.3 } });
  await pagefind.init();

  // The pages that hold a word in one of its spellings: how much it counts for them, and at which words of theirs it stands.
  const holding = async (forms) => {
    const found = new Map();
    for (const { results } of await Promise.all(forms.map((form) => pagefind.search(form)))) {
      for (const result of results) {
        const before = found.get(result.id) || { score: 0, places: new Set(), result };
        for (const place of result.words) before.places.add(place);
        found.set(result.id, { ...before, score: Math.max(before.score, result.score) });
      }
    }
    return { found, rare: Math.log(1 + (inAll - found.size + 0.5) / (found.size + 0.5)) };
  };

  // The parts of a page begin at its headings, whose levels say how much they count.
  const partsOf = ({ url, raw_content: content, anchors }) => {
    const text = content.split(/\s+/);
    const heads = anchors.filter(({ element }) => /^h\d$/.test(element)).sort((one, two) => one.location - two.location);
    return heads.map(({ id, element, text: title, location: from }, at) => ({
      location: url.slice(1) + (id === "." ? "" : `#${id}`), title, boost: boosts[element.slice(1) - 1],
      text, from, body: from + title.trim().split(/\s+/).length, to: heads[at + 1]?.location ?? text.length,
      score: 0, held: 0, marks: [],
    }));
  };
  const look = (part, places, rare) => {
    const marks = [...places].filter((at) => at >= part.from && at < part.to);
    if (!marks.length) return;
    const field = (at) => at < part.body ? "title" : part.text[at]?.includes(UNSEEN) ? "aliases" : "text";
    const scores = marks.map((at) => fields[field(at)] * part.boost), best = Math.max(...scores);
    part.score += rare * (best + AGAIN * (scores.reduce((sum, score) => sum + score, 0) - best));
    part.held += 1;
    part.marks.push(...marks);
  };
  const excerpt = ({ text, body, to, marks }) => {
    const seen = [...Array(Math.max(0, to - body)).keys()].map((at) => body + at).filter((at) => !text[at]?.includes(UNSEEN));
    const first = Math.max(0, seen.findIndex((at) => marks.includes(at)) - BEFORE);
    return seen.slice(first, first + SHOWN).map((at) => marks.includes(at) ? `<mark>${text[at]}</mark>` : text[at]).join(" ");
  };
  const parts = async (words, terms) => {
    const least = words.map(({ result }) => result).sort((one, two) => one.words.length - two.words.length)[0];
    const all = partsOf(await least.data());
    for (const part of all) for (const { places, rare } of words) look(part, places, rare);
    // What holds all of the words comes before what holds one of them often.
    return all.filter(({ held }) => held).map((part) => ({ ...part, score: part.score * part.held, text: excerpt(part), terms }))
      .sort((one, two) => two.score - one.score);
  };

  return async (words) => {
    const pages = new Map(), terms = {};
    for (const forms of words) {
      const known = forms.filter((form) => form.startsWith('"') || holds(form));
      for (const form of forms) terms[form] = known.includes(form);
      const { found, rare } = await holding(known);
      for (const [id, page] of found) pages.set(id, [...pages.get(id) || [], { ...page, rare }]);
    }
    const score = (page) => page.reduce((sum, { score: counts }) => sum + counts, 0);
    const best = [...pages.values()].sort((one, two) => score(two) - score(one));
    const texts = await Promise.all(best.slice(0, MOST).map((page) => parts(page, terms)));
    const found = texts.filter((all) => all.length).sort(([one], [two]) => two.score - one.score);
    return found.concat(best.slice(MOST).map(() => []));
  };
};
