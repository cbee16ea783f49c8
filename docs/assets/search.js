// The search: the theme's engine in a worker, with a field and a list of our own. Nothing is fetched before it is used.
(() => {
  const SETUP = 0, READY = 1, QUERY = 2, RESULT = 3; // the engine's kinds of message
  const MOST_PAGES = 10, MOST_PARTS = 3, MOST_SPELLINGS = 8;
  const SHORTEST = 3; // letters of a stem or a sound that still tells words apart
  const form = document.querySelector(".search");
  const field = form.q, output = form.querySelector(".search__output");
  const status = output.querySelector("[role=status]"), list = output.querySelector("ol");
  const { index, engine, chunks, chunked, ...words } = form.dataset;
  const onDisk = location.protocol === "file:";
  const root = new URL(index.replace(/search\/[^/]*$/, "") || ".", location);
  const ignored = new Set(words.ignores.split(" ")), endings = words.endings.split(" ").filter(Boolean);
  let post, content, separator, asked = "", unanswered = 0, corrected = new Map();

  const loaded = (address, page = document) => new Promise((resolve, reject) => {
    const script = page.createElement("script");
    Object.assign(script, { src: new URL(address, location).href, onload: resolve, onerror: reject });
    page.head.append(script);
  });
  const got = (address) => fetch(address).then((answer) => answer.ok ? answer.json() : Promise.reject(answer.status));
  const fetched = () => onDisk
    ? loaded(index.replace(/json$/, "js")).then(() => window.searchIndex)
    : got(index);

  // Each gives a function that posts to the engine, whose answers go to `hear`.
  const inWorker = (hear) => {
    const worker = new Worker(engine);
    worker.onmessage = (event) => hear(event.data);
    return Promise.resolve((message) => worker.postMessage(message));
  };
  // Browsers refuse workers to pages opened from a disk: there the engine runs in an empty frame.
  const inFrame = (hear) => {
    const frame = document.createElement("iframe");
    frame.hidden = true;
    document.body.append(frame);
    const inner = frame.contentWindow;
    inner.postMessage = hear;
    const send = (message) => inner.dispatchEvent(new inner.MessageEvent("message", { data: message }));
    return loaded(engine, inner.document).then(() => send);
  };

  // Of an index in one piece the theme's engine is asked, of one in chunks Pagefind; see search-chunks.js.
  const begin = (data) => {
    content = data;
    separator = new RegExp(data.config.separator);
  };
  const whole = () => Promise.all([fetched(), (onDisk ? inFrame : inWorker)(hear)]).then(([data, send]) => {
    begin(data);
    send({ type: SETUP, data: { ...data, options: { suggest: false } } });
    post = (words) => { unanswered += 1; send({ type: QUERY, data: [...new Set(words.flat())].join(" ") }); };
  });
  const inChunks = () => {
    const folder = new URL(chunks, location);
    const loading = [got(new URL("words.json", folder)), import(new URL(chunked, location)), import(new URL("pagefind.js", folder))];
    return Promise.all(loading).then(([data, { answering }, pagefind]) => {
      begin(data);
      return answering(pagefind, holds, data);
    }).then((answers) => {
      post = (words) => {
        unanswered += 1;
        answers(words).then((items) => hear({ type: RESULT, data: { items } }));
      };
      hear({ type: READY });
    });
  };
  const start = () => {
    if (post) return;
    post = () => {};
    status.textContent = words.loading;
    (chunks ? inChunks : whole)().catch(() => { status.textContent = words.failed; });
  };
  const hear = ({ type, data }) => {
    if (type === READY) ask(true);
    if (type === RESULT && !(unanswered -= 1)) answered(data.items);
  };

  // The words of the index, each with how much it counts and, in a language that has them, with its sound.
  const tokens = (text) => text.replace(/<[^>]*>/g, " ").toLowerCase().split(separator).filter(Boolean);
  const sound = (word) => (content.sounds || []).reduce((left, [sign, said]) => left.replaceAll(sign, said), word);
  let vocabulary;
  const weights = () => content.docs.reduce((held, entry) => {
    const said = ["title", "bare_title", "aliases", "text", "plain"].map((field) => entry[field] || "").join(" ");
    for (const token of tokens(said)) if (token.length >= SHORTEST) held.set(token, (held.get(token) || 0) + (entry.boost || 1));
    return held;
  }, new Map());
  const known = () => vocabulary ||= [...(content.words ? Object.entries(content.words) : weights())]
    .map(([token, weight]) => ({ token, weight, sound: sound(token) }));
  const holds = (word) => known().some(({ token }) => token.startsWith(word));

  // What is asked for: each telling word as typed, without its endings, and in all spellings that sound so.
  const stem = (word) => {
    const ending = endings.find((end) => word.endsWith(end) && word.length - end.length >= SHORTEST);
    return ending ? stem(word.slice(0, -ending.length)) : word;
  };
  const spelled = (said) => {
    if (!content.sounds || said.length < SHORTEST) return [];
    const alike = known().filter((entry) => entry.sound.startsWith(said)).map(({ token }) => token), beginnings = [];
    for (const token of alike.sort()) if (!beginnings.length || !token.startsWith(beginnings.at(-1))) beginnings.push(token);
    return beginnings.slice(0, MOST_SPELLINGS);
  };
  const formed = new Map();
  const forms = (word) => {
    if (!formed.has(word)) formed.set(word, [word, stem(word), ...spelled(sound(stem(word)))]);
    return formed.get(word);
  };
  const telling = (query) => {
    const typed = tokens(query), left = typed.filter((word) => !ignored.has(word));
    return left.length ? left : typed;
  };
  const exact = (query) => query.includes('"');
  const put = (query) => {
    if (content.words && !exact(query)) correct(telling(query).filter((word) => !corrected.has(word) && !forms(word).some(holds)));
    post(exact(query) ? [[query]] : telling(query).map((word) => forms(corrected.get(word) || word)));
  };

  // A word that nothing holds is taken for the most similar one that something holds.
  const distance = (one, two) => {
    let above, row = [...two, ""].map((_, at) => at);
    [...one].forEach((letter, i) => {
      const next = [i + 1];
      [...two].forEach((other, j) => {
        next.push(Math.min(row[j + 1] + 1, next[j] + 1, row[j] + (letter !== other)));
        if (i && letter === two[j - 1] && one[i - 1] === other) next[j + 1] = Math.min(next[j + 1], above[j - 1] + 1);
      });
      [above, row] = [row, next];
    });
    return row.at(-1);
  };
  const nearest = (word) => {
    const said = sound(word), spare = said === word ? 1 : 3; // a sound forgives much already
    const most = Math.min(2, Math.floor((said.length - spare) / 3));
    return known().filter((entry) => Math.abs(entry.sound.length - said.length) <= most)
      .map((entry) => ({ ...entry, away: distance(said, entry.sound) })).filter(({ away }) => away <= most)
      .sort((one, two) => one.away - two.away || two.weight - one.weight)[0]?.token;
  };
  const correct = (missing) => { for (const word of missing) corrected.set(word, nearest(word) || nearest(stem(word))); };
  const answered = (found) => {
    const held = new Set(found.flat().flatMap(({ terms }) => Object.keys(terms).filter((term) => terms[term])));
    const missing = exact(asked) ? [] : telling(asked).filter((word) => !corrected.has(word) && !forms(word).some((form) => held.has(form)));
    correct(missing);
    if (missing.some((word) => corrected.get(word))) put(asked);
    else show(titled(found));
  };
  // What has just the asked words as its title comes first.
  const titled = (found) => {
    const said = (words) => words.map((word) => sound(stem(word))).join(" ");
    const wanted = said(telling(asked).map((word) => corrected.get(word) || word));
    const same = (part) => (part.boost || 1) >= 1 && said(telling(part.title)) === wanted; // not those that count little
    const first = (list, is) => [...list.filter(is), ...list.filter((item) => !is(item))];
    return first(found.map((parts) => first(parts, same)), (parts) => parts.some(same));
  };
  const ask = (again) => {
    const query = field.value.trim();
    output.hidden = !query;
    if (!query || (!again && query === asked)) return;
    asked = query;
    if (separator) put(query);
  };

  // The engine marks what it found in HTML; of that HTML only its words and marks are taken.
  const marked = (html, into) => {
    const take = (from, to) => {
      for (const node of from.childNodes) {
        if (node.nodeType === Node.TEXT_NODE) to.append(node.data);
        else if (node.nodeName === "MARK") take(node, to.appendChild(document.createElement("mark")));
        else take(node, to);
        if (/^(P|LI|DT|DD|TR|H\d)$/.test(node.nodeName)) to.append(" ");
      }
    };
    take(new DOMParser().parseFromString(html, "text/html").body, into);
    return into;
  };
  const address = (place) => {
    const url = new URL(place, root);
    if (onDisk) url.pathname = url.pathname.replace(/\/$/, "/index.html");
    return url.href;
  };
  const link = ({ location: place, title, text }, excerpt) => {
    const made = document.createElement("a");
    made.className = "search__link md-search-result__link";
    made.href = address(place);
    marked(title, made.appendChild(document.createElement("strong")));
    if (excerpt && text) marked(text, made.appendChild(document.createElement("span")));
    return made;
  };
  const show = (found) => {
    if (!field.value.trim() || list.contains(document.activeElement)) return; // never takes the focus away
    const typed = telling(asked).find((word) => corrected.get(word));
    status.textContent = !found.length ? words.none
      : typed ? words.instead.replace("{typed}", typed).replace("{found}", corrected.get(typed)) : counted(found.length);
    list.replaceChildren(...found.slice(0, MOST_PAGES).map((parts) => {
      const whole = parts.find((part) => !part.location.includes("#")) || parts[0];
      const item = document.createElement("li");
      item.className = "search__result md-search-result__item";
      item.append(link(whole, whole.score > 0));
      const within = parts.filter((part) => part !== whole).slice(0, MOST_PARTS);
      item.append(...within.map((part) => link(part, true)));
      return item;
    }));
  };
  const plural = new Intl.PluralRules(document.documentElement.lang), digits = [...words.digits];
  const counted = (number) => (words[plural.select(number)] || words.other)
    .replace("{count}", [...String(number)].map((digit) => digits[digit]).join(""));

  const links = () => [...list.querySelectorAll("a")];
  const close = () => { output.hidden = true; };
  field.addEventListener("focus", () => { start(); ask(); });
  field.addEventListener("input", () => { start(); ask(); });
  form.addEventListener("submit", (event) => {
    const [first] = links();
    event.preventDefault();
    if (first && !output.hidden) first.click();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { field.focus(); close(); }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const stops = [field, ...links()], to = stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    if (output.hidden || !stops[to]) return;
    event.preventDefault();
    stops[to].focus();
  });
  form.addEventListener("focusout", ({ relatedTarget }) => { if (relatedTarget && !form.contains(relatedTarget)) close(); });
  addEventListener("pointerdown", ({ target }) => { if (!form.contains(target)) close(); });
  addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    field.select();
  });
})();
