"""The basket: the week with the national School to School site.

    build → release (a person) → instructions to schools, files laid out → upload (a person) → confirm → what was not goes on

S2S has no interface for machines: what is uploaded and downloaded goes through a person's hands, and is confirmed here.
"""

from gateway.pipeline.basket.arrivals import lost_file_arrived
from gateway.pipeline.basket.build import build, s2s_job
from gateway.pipeline.basket.instruct import instruct
from gateway.pipeline.basket.listing import batch_json
from gateway.pipeline.basket.own import add_own_file
from gateway.pipeline.basket.upload import lay_out
from gateway.pipeline.basket.week import confirm, confirm_instruction, faults, release, withdraw_for_case

__all__ = [
    "add_own_file", "batch_json", "build", "confirm", "confirm_instruction", "faults", "instruct", "lay_out", "lost_file_arrived",
    "release", "s2s_job", "withdraw_for_case",
]
