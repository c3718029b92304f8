#!/usr/bin/env python3
"""The application that is measured: it gives the question back."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Integrations/python"))

from evalhost_app import serve

serve(lambda question: question)
