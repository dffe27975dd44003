"""Sixteen readers for fifteen seconds: nobody meets an error or another's question."""

import shutil

from load import Echo, read_for

from rag.archive import Archive
from rag.config import Settings
from ui.serve import Serving, served


def test_many_readers_get_their_own_answers(seeds_home, tmp_path, encoder):
    home = shutil.copytree(seeds_home, tmp_path / "home")
    with Archive(Settings(home=home)) as archive:
        archive.encoder = encoder
        archive._models["quote"] = Echo()
        with served(archive, Serving()) as address:
            tally = read_for(15, 16, address)
    assert tally.faults == []
    assert tally.asked >= 16
    assert len(tally.evidence) == len(tally.text) == tally.asked
