"use strict";
const byId = id => document.getElementById(id);
const turns = [];
let model = null;
let chats = false;
let running = null;

function headers() {
  const key = byId("key").value;
  const all = { "Content-Type": "application/json" };
  if (key) { all.Authorization = "Bearer " + key; }
  return all;
}

function show(role, text) {
  const article = document.createElement("article");
  article.className = role;
  const head = document.createElement("h2");
  head.textContent = { user: "You", assistant: "Model", fault: "Error" }[role];
  const body = document.createElement("p");
  body.textContent = text;
  article.append(head, body);
  byId("messages").append(article);
  article.scrollIntoView({ block: "end" });
  return body;
}

async function describe(reply) {
  try { return (await reply.json()).error.message; } catch { return "the server answered " + reply.status; }
}

async function find() {
  const reply = await fetch("/v1/models", { headers: headers() });
  if (reply.status === 401) {
    byId("settings").open = true;
    throw new Error(byId("key").value ? "the key is wrong" : "this server asks for a key: give it under Settings");
  }
  if (!reply.ok) { throw new Error(await describe(reply)); }
  const first = (await reply.json()).data[0];
  model = first.id;
  chats = first.has_chat_template;
  byId("model").textContent = model + (chats ? "" : " (no chat model: it continues your text)");
}

function request(text) {
  const seed = byId("seed").value;
  const body = {
    model, stream: true, stream_options: { include_usage: true },
    temperature: Number(byId("temperature").value), max_tokens: Number(byId("tokens").value)
  };
  if (seed !== "") { body.seed = Number(seed); }
  if (chats) {
    const system = byId("system").value.trim();
    body.messages = system ? [{ role: "system", content: system }, ...turns] : turns;
  } else {
    body.prompt = text;
  }
  return body;
}

async function* events(reply) {
  const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) { return; }
    const parts = (rest + value).split("\n\n");
    rest = parts.pop();
    for (const part of parts) {
      const data = part.replace(/^data: /, "");
      if (data === "[DONE]") { return; }
      yield JSON.parse(data);
    }
  }
}

async function answer(text) {
  running = new AbortController();
  const began = performance.now();
  let words = "";
  let body = null;
  try {
    if (model === null) { await find(); }
    turns.push({ role: "user", content: text });
    const reply = await fetch(chats ? "/v1/chat/completions" : "/v1/completions",
      { method: "POST", headers: headers(), body: JSON.stringify(request(text)), signal: running.signal });
    if (!reply.ok) { throw new Error(await describe(reply)); }
    body = show("assistant", "");
    for await (const piece of events(reply)) {
      if (piece.error) { throw new Error(piece.error.message); }
      const choice = piece.choices[0];
      words += choice ? (chats ? choice.delta.content || "" : choice.text) : "";
      body.textContent = words;
      body.scrollIntoView({ block: "end" });
      if (piece.usage) {
        const rate = piece.usage.completion_tokens / (performance.now() - began) * 1000;
        byId("status").textContent = piece.usage.completion_tokens + " tokens, " + rate.toFixed(1) + " tokens/s";
      }
    }
    turns.push({ role: "assistant", content: words });
  } catch (problem) {
    if (problem.name !== "AbortError") { show("fault", problem.message); }
    if (words) { turns.push({ role: "assistant", content: words }); } else { turns.pop(); }
  } finally {
    running = null;
    byId("send").disabled = false;
    byId("stop").disabled = true;
    byId("text").focus();
  }
}

byId("form").addEventListener("submit", event => {
  event.preventDefault();
  const text = byId("text").value;
  if (running || !text.trim()) { return; }
  byId("text").value = "";
  byId("status").textContent = "";
  byId("send").disabled = true;
  byId("stop").disabled = false;
  show("user", text);
  answer(text);
});
byId("text").addEventListener("keydown", event => {
  if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); byId("form").requestSubmit(); }
});
byId("stop").addEventListener("click", () => { if (running) { running.abort(); } });
byId("clear").addEventListener("click", () => {
  turns.length = 0;
  byId("messages").replaceChildren();
  byId("status").textContent = "";
});
function look() {
  byId("status").textContent = "";
  find().catch(problem => { byId("status").textContent = problem.message; });
}

byId("key").addEventListener("change", look);
look();
