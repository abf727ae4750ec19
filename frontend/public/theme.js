// Runs before the first paint, so that no page flashes in the wrong colours.
(function () {
  var wish;
  try {
    wish = localStorage.getItem('vetted.theme');
  } catch (error) {
    wish = null;
  }
  var dark = wish === 'dark' || (wish !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
