// In WeChat's own browser nothing can be downloaded: says how to open the page elsewhere, shows
// what is needed as text, and leaves no button that does nothing.
//
// data-in-wechat     what is shown there alone
// data-downloads     a link to a file: a button is taken away, any other one becomes plain text

if (/MicroMessenger/i.test(navigator.userAgent)) {
  for (const hint of document.querySelectorAll("[data-in-wechat]")) hint.hidden = false;
  for (const link of document.querySelectorAll("a[data-downloads]")) {
    if (/\bbutton/.test(link.className)) link.remove();
    else link.removeAttribute("href");
  }
}
