// What axe finds on this page. The pause of nothing lets the call return at once, so that several pages are looked at
// at the same time.
(rules) => {
  window.looked = new Promise((go) => setTimeout(go))
    .then(() => axe.run({ runOnly: rules, resultTypes: ["violations"] }))
    .then(({ violations, passes }) => ({
      passed: passes.length,
      faults: violations.map(({ id, nodes: [first, ...others] }) =>
        `${id}: ${first.target}${others.length ? ` and ${others.length} more` : ""}: ${first.failureSummary}`),
    }));
}
