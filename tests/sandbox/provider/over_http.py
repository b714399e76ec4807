"""What tests over real HTTP need: a client that follows nothing, a merchant's notification address, patience."""

import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlencode


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments):
        return None


_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay)


def ask(provider, path, data=None, method=None):
    """Status, headers and body."""
    request = urllib.request.Request(provider.url + path, data, method=method)
    try:
        with _opener.open(request, timeout=5) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.headers, refused.read()


@contextmanager
def a_shop(*answers):
    """A merchant's notification address that gives these answers, the last one for ever; `shop.got` are the forms
    and queries."""

    class Taking(BaseHTTPRequestHandler):
        def do_GET(self):
            shop.got.append(self.path.partition("?")[2])
            self.answer()

        def do_POST(self):
            shop.got.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.answer()

        def answer(self):
            shop.methods.append(self.command)
            status, body = answers[min(len(shop.got), len(answers)) - 1]
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            if status == 302:
                self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Taking) as shop:
        shop.got, shop.methods = [], []
        shop.url = f"http://127.0.0.1:{shop.server_address[1]}/notify"
        threading.Thread(target=shop.serve_forever, args=(0.02,), daemon=True).start()
        yield shop
        shop.shutdown()


def until(question):
    end = time.monotonic() + 20
    while not question():
        assert time.monotonic() < end
        time.sleep(0.02)


def press(provider, path, **form):
    return ask(provider, path, urlencode(form).encode())
