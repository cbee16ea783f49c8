// The search: the theme's engine in a worker, with a field and a list of our own. Nothing is fetched before it is used.
(() => {
  const SETUP = 0, READY = 1, QUERY = 2, RESULT = 3; // the engine's kinds of message
  const MOST_PAGES = 10, MOST_PARTS = 3;
  const form = document.querySelector(".search");
  const field = form.q, output = form.querySelector(".search__output");
  const status = output.querySelector("[role=status]"), list = output.querySelector("ol");
  const { index, engine, ...words } = form.dataset;
  const onDisk = location.protocol === "file:";
  const root = new URL(index.replace(/search\/[^/]*$/, "") || ".", location);
  let post, asked = "", unanswered = 0;

  const loaded = (address, page = document) => new Promise((resolve, reject) => {
    const script = page.createElement("script");
    Object.assign(script, { src: new URL(address, location).href, onload: resolve, onerror: reject });
    page.head.append(script);
  });
  const content = () => onDisk
    ? loaded(index.replace(/json$/, "js")).then(() => window.searchIndex)
    : fetch(index).then((answer) => answer.ok ? answer.json() : Promise.reject(answer.status));

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

  const start = () => {
    if (post) return;
    post = () => {};
    status.textContent = words.loading;
    Promise.all([content(), (onDisk ? inFrame : inWorker)(hear)]).then(([data, send]) => {
      send({ type: SETUP, data: { ...data, options: { suggest: false } } });
      post = (query) => { unanswered += 1; send({ type: QUERY, data: query }); };
    }).catch(() => { status.textContent = words.failed; });
  };
  const hear = ({ type, data }) => {
    if (type === READY) ask(true);
    if (type === RESULT && !(unanswered -= 1)) show(data.items);
  };
  const ask = (again) => {
    const query = field.value.trim();
    output.hidden = !query;
    if (query && (again || query !== asked)) post(asked = query);
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
    status.textContent = found.length ? counted(found.length) : words.none;
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
