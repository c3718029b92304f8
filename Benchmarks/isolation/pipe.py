"""A scorer as a Python subprocess: a line of JSON in, a line of JSON out, answers flushed when the input pauses."""
import json
import sys

while True:
    # A batch is what came together, ended by an empty line.
    answers = []
    for line in sys.stdin:
        if line == "\n":
            break
        row = json.loads(line)
        answers.append(json.dumps({"value": float(row["outputs"] == row["expectations"]["expected_response"])}))
    else:
        break
    sys.stdout.write("\n".join(answers) + "\n")
    sys.stdout.flush()
