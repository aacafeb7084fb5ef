"""Uses the live page of a CER server in a real browser, through chromedriver, and prints what it saw.

browser.py PORT [FOLDER]: each line of the output is a name and what the page showed. With FOLDER, pictures go there.
"""
import base64
import json
import os
import subprocess
import sys
import time
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # W3C WebDriver 11
ENTER, ESCAPE = "\ue007", "\ue00c"


class Browser:
    def __init__(self):
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE,
                                       stderr=subprocess.DEVNULL, text=True)
        for line in self.driver.stdout:
            if "successfully on port" in line:
                self.url = f"http://127.0.0.1:{line.split('on port')[1].strip().rstrip('.')}/session"
                break
        options = {"args": ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                            "--window-size=1400,1000"]}
        wanted = {"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}}
        self.url += "/" + self.call("", wanted)["sessionId"]

    def call(self, path, data=None, method=None):
        body = None if data is None else json.dumps(data).encode()
        request = urllib.request.Request(self.url + path, body, {"Content-Type": "application/json"},
                                         method=method or ("GET" if body is None else "POST"))
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.load(response)["value"]

    def run(self, script):
        return self.call("/execute/sync", {"script": script, "args": []})

    def wait(self, condition):
        """Until the script gives something true; its value. The page may be rebuilding itself: what is not there is
        undefined, not an error."""
        end = time.monotonic() + 30
        while time.monotonic() < end:
            value = self.run(f"return {condition}")
            if value:
                return value
            time.sleep(0.05)
        raise TimeoutError(condition)

    def text(self, selector):
        return self.run(f"return document.querySelector({json.dumps(selector)}).innerText")

    def keys(self, text):
        press = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
        self.call("/actions", {"actions": [{"type": "key", "id": "keys", "actions": press}]})

    def scheme(self, name):
        self.call("/goog/cdp/execute", {"cmd": "Emulation.setEmulatedMedia",
                                        "params": {"features": [{"name": "prefers-color-scheme", "value": name}]}})

    def picture(self, folder, name):
        if folder:
            with open(os.path.join(folder, name + ".png"), "wb") as out:
                out.write(base64.b64decode(self.call("/screenshot")))

    def close(self):
        try:
            self.call("", method="DELETE")
        finally:
            self.driver.terminate()
            self.driver.wait()


def look(browser, port, folder):
    def say(name, value):
        print(f"{name}: {json.dumps(value)}")

    rows = "[...document.querySelectorAll('#reports tr')].filter(r => !r.querySelector('.soft[colspan]'))"
    browser.call("/url", {"url": f"http://127.0.0.1:{port}/"})
    say("rows", browser.wait(f"{rows}.length"))
    say("buckets", browser.run("return [...document.querySelectorAll('#buckets tr')].map(r => r.cells[0].innerText)"))
    say("first", browser.text("#reports tr").split("\t"))
    grounds = []
    for scheme in ("light", "dark"):
        browser.scheme(scheme)
        grounds.append(browser.run("return getComputedStyle(document.body).backgroundColor"))
        browser.picture(folder, f"lists-{scheme}")
    say("grounds", grounds)
    # Only with the keyboard: search, choose, open, read, go back.
    browser.keys("/")
    browser.keys("Blue*")
    say("searched", browser.wait(f"{rows}.length && {rows}.every(r => r.cells[2].innerText === 'BlueScreen') && "
                                 f"{rows}.length"))
    browser.keys(ESCAPE)
    browser.keys("j")
    # The list asks anew every two seconds: who stands on a row stays there.
    say("stays", browser.run("return refresh().then(() => document.activeElement.cells[0].innerText)"))
    browser.keys(ENTER)
    browser.wait("document.querySelector('#record')")
    say("report", browser.run("return document.querySelector('#detail h2').innerText"))
    say("record", json.loads(browser.text("#record"))["Header"]["Severity"])
    browser.picture(folder, "report")
    browser.run("location.hash = 'report/1'")
    say("hostile", browser.wait("document.querySelector('#detail h2')?.innerText === 'Report 1' && "
                                "document.querySelectorAll('#detail dd')[2]?.innerText"))
    say("markup", browser.run("return document.querySelectorAll('#detail img, #detail script').length"))
    browser.keys(ESCAPE)
    say("back", browser.wait("!document.getElementById('lists').hidden"))
    # A report that comes while somebody looks.
    browser.run("document.getElementById('event_type').value = ''")
    browser.run("fetch('/api/reports/2').then(r => r.json())"
                ".then(r => fetch('/stage2.htm', { method: 'POST', body: r.Document }))")
    say("arrived", browser.wait(f"{rows}[0]?.classList.contains('fresh')"))
    # What it loaded from anywhere else.
    say("outside", browser.run("return performance.getEntriesByType('resource').map(r => r.name)"
                               f".filter(n => !n.startsWith('http://127.0.0.1:{port}/'))"))


if __name__ == "__main__":
    chromium = Browser()
    try:
        look(chromium, sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None)
    finally:
        chromium.close()
