// Runs before the first paint: language and colours must not flash. It is a file
// of its own because the content security policy allows no inline script.
(function () {
  var root = document.documentElement;
  var read = function (key) {
    try {
      return localStorage.getItem(key);
    } catch (_) {
      return null;
    }
  };
  var theme = read('tenon.theme');
  if (theme !== 'light' && theme !== 'dark') {
    theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  }
  root.setAttribute('data-mantine-color-scheme', theme);
  var locale = read('tenon.locale') || (/^zh/i.test(navigator.language) ? 'zh-CN' : 'en-US');
  root.lang = locale;
})();
