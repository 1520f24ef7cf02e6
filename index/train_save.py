"""Here are a tokenizer and its rows; write the folder that stock SentenceTransformer loads."""

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import Tokenizer


def save(out: Path, tokenizer: Tokenizer, rows: NDArray[np.float32]) -> None:
    """Write tokenizer, int8 rows with a scale for each, and the two configuration files."""
    scales = np.abs(rows).max(axis=1) / 127
    quantised = np.rint(rows / np.maximum(scales, 1e-12)[:, None]).astype(np.int8)
    out.mkdir(parents=True, exist_ok=True)
    save_file(
        {"embeddings": quantised, "weights": scales.astype(np.float32)}, out / "model.safetensors"
    )
    tokenizer.save(str(out / "tokenizer.json"), pretty=False)
    package = "sentence_transformers.models"
    modules = [
        {"idx": 0, "name": "0", "path": "", "type": f"{package}.StaticEmbedding"},
        {"idx": 1, "name": "1", "path": "1_Normalize", "type": f"{package}.Normalize"},
    ]
    config: dict[str, object] = {
        "prompts": {},
        "default_prompt_name": None,
        "similarity_fn_name": "cosine",
    }
    for name, content in (("modules", modules), ("config_sentence_transformers", config)):
        (out / f"{name}.json").write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
