//! A headless Chromium and as much of its DevTools protocol as the test needs.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

const PATIENCE: Duration = Duration::from_secs(60);

/// Where a browser is looked for.
pub(crate) const PROGRAM: &str = "/usr/bin/chromium";

/// A text of nearest luminance ratio below 4.5 to 1 against its background, if any (WCAG AA, large text excepted).
pub(crate) const FAINT: &str = r#"(() => {
  const parse = (text) => { const n = text.match(/[\d.]+/g).map(Number); return n.length > 3 ? n : [...n, 1]; };
  const light = ([r, g, b]) => [r, g, b].map((c) => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const back = (node) => { for (; node; node = node.parentElement) {
    const color = parse(getComputedStyle(node).backgroundColor); if (color[3] > 0) return color; } return [255, 255, 255, 1]; };
  for (const node of document.querySelectorAll("body *")) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
    if (!own || !node.checkVisibility() || ["OPTION", "SCRIPT", "NOSCRIPT"].includes(node.tagName)) continue;
    const [a, b] = [light(parse(getComputedStyle(node).color)), light(back(node))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) return `${node.tagName} ${node.className} "${node.textContent.slice(0, 30)}" ${ratio.toFixed(2)}`;
  }
  return "";
})()"#;

pub(crate) struct Browser {
    child: Child,
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    session: Option<String>,
    next: u64,
    loaded: bool,
    problems: Vec<String>,
    requests: Vec<String>,
    _profile: tempfile::TempDir,
}

impl Browser {
    pub(crate) async fn start(program: &str) -> Self {
        let profile = tempfile::tempdir().expect("a folder");
        let mut child = Command::new(program)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
            .args(["--disable-dev-shm-usage", "--disable-default-apps", "--remote-debugging-port=0"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .env("HOME", profile.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("chromium starts");
        let mut lines = BufReader::new(child.stderr.take().expect("piped")).lines();
        let url = tokio::time::timeout(PATIENCE, async {
            loop {
                let line = lines.next_line().await.expect("text").expect("chromium says where it listens");
                if let Some(url) = line.strip_prefix("DevTools listening on ") {
                    return url.to_owned();
                }
            }
        });
        let url = url.await.expect("chromium starts in time");
        // Keeps the pipe empty, so that chromium never waits on it.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let config = WebSocketConfig::default().max_message_size(None).max_frame_size(None);
        let connected = tokio_tungstenite::connect_async_with_config(url, Some(config), false).await;
        let (socket, _) = connected.expect("chromium accepts");
        let (problems, requests) = (Vec::new(), Vec::new());
        let mut browser = Self {
            child,
            socket,
            session: None,
            next: 0,
            loaded: false,
            problems,
            requests,
            _profile: profile,
        };
        let target = browser.call("Target.createTarget", json!({ "url": "about:blank" })).await;
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let attached = browser.call("Target.attachToTarget", attach).await;
        browser.session = attached["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Runtime", "Network", "Log", "Audits"] {
            browser.call(&format!("{domain}.enable"), json!({})).await;
        }
        browser
    }

    /// Calls a method and waits for its result; events on the way are noted.
    pub(crate) async fn call(&mut self, method: &str, params: Value) -> Value {
        self.try_call(method, params).await.expect("the browser does as it is told")
    }

    /// Calls a method that the browser may refuse.
    async fn try_call(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        self.next += 1;
        let mut message = json!({ "id": self.next, "method": method, "params": params });
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        self.socket.send(Message::text(message.to_string())).await.expect("chromium listens");
        loop {
            let message = self.receive().await;
            if message["id"] == self.next {
                let error = message["error"].clone();
                return if error.is_null() { Ok(message["result"].clone()) } else { Err(error) };
            }
        }
    }

    async fn receive(&mut self) -> Value {
        loop {
            let message =
                tokio::time::timeout(PATIENCE, self.socket.next()).await.expect("chromium answers in time");
            if let Message::Text(text) = message.expect("open").expect("well formed") {
                let message = serde_json::from_str(&text).expect("JSON");
                self.note(&message);
                return message;
            }
        }
    }

    fn note(&mut self, message: &Value) {
        let params = &message["params"];
        match message["method"].as_str().unwrap_or_default() {
            "Page.loadEventFired" => self.loaded = true,
            "Network.requestWillBeSent" => {
                self.requests.extend(params["request"]["url"].as_str().map(str::to_owned))
            }
            "Network.webSocketCreated" => self.requests.extend(params["url"].as_str().map(str::to_owned)),
            "Network.loadingFailed" if params["canceled"] != true => {
                self.problems.push(format!("failed: {params}"))
            }
            "Network.responseReceived"
                if params["response"]["status"].as_u64().is_some_and(|status| status >= 400) =>
            {
                self.problems
                    .push(format!("status: {} {}", params["response"]["status"], params["response"]["url"]));
            }
            "Runtime.exceptionThrown" => self.problems.push(format!("exception: {params}")),
            "Runtime.consoleAPICalled"
                if ["error", "warning", "assert"].iter().any(|kind| params["type"] == *kind) =>
            {
                self.problems.push(format!("console: {params}"));
            }
            "Log.entryAdded" if params["entry"]["level"] == "error" => {
                self.problems.push(format!("log: {params}"))
            }
            "Audits.issueAdded" if params["issue"]["code"] == "ContentSecurityPolicyIssue" => {
                self.problems.push(format!("policy: {params}"));
            }
            _ => {}
        }
    }

    pub(crate) async fn open(&mut self, url: &str) {
        self.loaded = false;
        let result = self.call("Page.navigate", json!({ "url": url })).await;
        assert!(result["errorText"].is_null(), "{url}: {result}");
        while !self.loaded {
            self.receive().await;
        }
    }

    async fn value(&mut self, expression: &str) -> Value {
        self.try_value(expression).await.expect("the page stays")
    }

    /// Evaluates on a page that may be left at this very moment, which the browser then refuses.
    async fn try_value(&mut self, expression: &str) -> Result<Value, Value> {
        let params = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let result = self.try_call("Runtime.evaluate", params).await?;
        assert!(result["exceptionDetails"].is_null(), "{expression}: {result}");
        Ok(result["result"]["value"].clone())
    }

    pub(crate) async fn run(&mut self, statements: &str) {
        self.value(&format!("{{ {statements} }}")).await;
    }

    pub(crate) async fn text(&mut self, expression: &str) -> String {
        self.value(expression).await.as_str().expect("a text").to_owned()
    }

    pub(crate) async fn number(&mut self, expression: &str) -> f64 {
        self.value(expression).await.as_f64().expect("a number")
    }

    pub(crate) async fn holds(&mut self, condition: &str) -> bool {
        self.value(&format!("Boolean({condition})")).await == true
    }

    /// Waits until a condition holds; fails when it never does.
    pub(crate) async fn until(&mut self, condition: &str) {
        let end = tokio::time::Instant::now() + PATIENCE;
        let asked = format!("Boolean({condition})");
        while self.try_value(&asked).await != Ok(Value::Bool(true)) {
            assert!(tokio::time::Instant::now() < end, "never held: {condition}");
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }

    pub(crate) async fn key(&mut self, text: &str) {
        for kind in ["keyDown", "keyUp"] {
            self.call("Input.dispatchKeyEvent", json!({ "type": kind, "key": text, "text": text })).await;
        }
    }

    pub(crate) async fn resize(&mut self, width: u32, height: u32) {
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500 });
        self.call("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    pub(crate) async fn set_dark(&mut self, dark: bool) {
        let value = if dark { "dark" } else { "light" };
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": value }] });
        self.call("Emulation.setEmulatedMedia", features).await;
    }

    /// Saves a screenshot into the folder of `AUTO_SCREENSHOTS`, when that is set.
    pub(crate) async fn picture(&mut self, name: &str) {
        use base64::Engine;
        let Some(folder) = std::env::var_os("AUTO_SCREENSHOTS") else { return };
        let shot = self
            .call("Page.captureScreenshot", json!({ "format": "png", "captureBeyondViewport": true }))
            .await;
        let data = shot["data"].as_str().expect("a picture");
        let bytes = base64::engine::general_purpose::STANDARD.decode(data).expect("base64");
        std::fs::write(std::path::Path::new(&folder).join(format!("{name}.png")), bytes)
            .expect("the folder exists");
    }

    /// Ends the browser and gives what went wrong and every address asked for.
    pub(crate) async fn stop(mut self) -> (Vec<String>, Vec<String>) {
        self.session = None;
        self.call("Browser.close", json!({})).await;
        let _ = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        (self.problems, self.requests)
    }
}
