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
  // What the page at this address will ask for in any case is asked for now, while
  // the code is still on its way. Only for whoever was at home here before.
  var place = /^\/w\/([^/]+)(?:\/a\/([^/]+)(\/edit(?:\/|$))?)?/.exec(location.pathname);
  if (!place || !read('tenon.workspace')) return;
  var ask = function (path) {
    var link = document.createElement('link');
    link.rel = 'preload';
    link.as = 'fetch';
    link.crossOrigin = '';
    link.href = '/api/v1/' + path;
    document.head.appendChild(link);
  };
  ask('workspaces/' + place[1] + '/apps');
  var app = place[2] && read('tenon.app.' + place[1] + '.' + place[2]);
  if (!app) return;
  if (place[3]) {
    ask('catalog');
    ask('apps/' + app + '/draft');
  } else {
    ask('apps/' + app + '/runtime');
  }
})();
