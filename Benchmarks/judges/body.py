#!/usr/bin/env python3
"""Prints the body that evalhost sends for the first row: Benchmarks/judges/body.py EVALHOST ROWS."""
import http.server
import subprocess
import sys
import tempfile
import threading

bodies = []


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        bodies.append(self.rfile.read(int(self.headers["content-length"])))
        reply = b'{"model":"bench","choices":[{"finish_reason":"stop","message":{"role":"assistant","content":'
        reply += b'"{\\"rationale\\":\\"So it is.\\",\\"result\\":\\"yes\\"}"}}]}'
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
with tempfile.TemporaryDirectory() as folder:
    model = f"endpoint:/http://127.0.0.1:{server.server_port}/v1#bench"
    command = [sys.argv[1], "evaluate", "--quiet", "--data", sys.argv[2], "--limit", "1", "--scorer", "relevance_to_query"]
    command += ["--judge-model", model, "--store", f"{folder}/body.db", "--format", "json"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
sys.stdout.buffer.write(bodies[0])
