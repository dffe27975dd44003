"""What the panel for adding articles says, in both languages. `{}` stands for what is filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rag.types import Language


@dataclass(frozen=True, slots=True)
class UploadWords:
    """The panel's words in one language; a refusal comes with its remedy, in which `{}`
    stands for the endings of what can be uploaded."""

    panel: str
    files: str
    add: str
    progress: str
    stages: Mapping[str, str]
    rate: str
    seconds_left: str
    counts: str
    more: str
    no_file: tuple[str, str]
    too_many: tuple[str, str]
    too_large: tuple[str, str]
    not_ours: tuple[str, str]
    bad_name: tuple[str, str]
    same_name: tuple[str, str]
    failed: str


UPLOAD: Mapping[Language, UploadWords] = {
    "zh": UploadWords(
        panel="添加文章",
        files="文件或压缩包（{}）",
        add="添加",
        progress="进度",
        stages={"encoder": "正在加载模型", "reading": "正在读取", "indexing": "正在编制索引"},
        rate="{:,.1f} 段/秒",
        seconds_left="还需 {:,.0f} 秒",
        counts="新增 {:,} 篇 · 更新 {:,} · 未变 {:,} · 失败 {:,} · 现共 {:,} 篇",
        more="… 另有 {:,} 个未列出",
        no_file=("没有选择文件", "请先选择文件"),
        too_many=("{:,} 个文件太多，最多 {:,} 个", "请打包成 .zip 再上传"),
        too_large=("共 {:,.0f} MiB，最多 {:,.0f} MiB", "请分几次上传"),
        not_ours=("“{}”不是文章或压缩包", "请上传 {}"),
        bad_name=("文件名“{}”不能用", "请改名"),
        same_name=("有两个文件都叫“{}”", "请改名或打包"),
        failed="未能添加这些文章。",
    ),
    "en": UploadWords(
        panel="Add articles",
        files="Files or archives ({})",
        add="Add",
        progress="Progress",
        stages={"encoder": "Loading the model", "reading": "Reading", "indexing": "Indexing"},
        rate="{:,.1f} passages/s",
        seconds_left="{:,.0f} s left",
        counts="{:,} added · {:,} updated · {:,} unchanged · {:,} failed · {:,} articles now",
        more="… and {:,} more",
        no_file=("no file was chosen", "choose files first"),
        too_many=("{:,} files are more than {:,}", "pack them into a .zip"),
        too_large=("{:,.0f} MiB are more than {:,.0f} MiB", "upload them in parts"),
        not_ours=("“{}” is no article or archive", "upload {}"),
        bad_name=("the name “{}” cannot be used", "rename the file"),
        same_name=("two files are named “{}”", "rename or pack them"),
        failed="The articles could not be added.",
    ),
}
