"""The defaults that need no model are those of the model, key for key."""

import subprocess
import sys
from types import SimpleNamespace

from retcalc.config.model.config import Config
from retcalc.config.model.defaults import default_config
from retcalc.config.model.key_group import Part


def tree(part):
    if isinstance(part, Part | SimpleNamespace):
        return {name: tree(value) for name, value in vars(part).items()}
    return part


def test_defaults_are_those_of_the_model():
    assert tree(default_config()) == tree(Config())


def test_a_run_without_a_config_builds_no_model(tmp_path):
    (tmp_path / "mrr.csv").write_text("account,month,mrr\na,2024-01,1\na,2024-02,1\n")
    code = (
        "import sys\nfrom retcalc.cli.main import main\nstatus = main(['nrr', 'mrr.csv'])\n"
        "sys.exit('model' if 'retcalc.config.model.config' in sys.modules else status)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
