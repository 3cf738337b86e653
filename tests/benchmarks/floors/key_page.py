"""Floor: a page of twelve keys where a finger going down changes the key, and nothing else happens.

Frozen: a change here changes what every past figure meant.
"""

KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "C", "0", "E")

_STYLE = (
    "body{margin:0;display:grid;grid-template-columns:repeat(3,93px);gap:14px;padding:20px}"
    "button{height:93px;font-size:32px;background:#fff;touch-action:manipulation}"
    "button.down{background:#036}"
)
_SCRIPT = (
    "const d=document;"
    "d.addEventListener('pointerdown',e=>{const k=e.target.closest('button');if(k)k.classList.add('down')});"
    "d.addEventListener('pointerup',()=>d.querySelectorAll('.down').forEach(k=>k.classList.remove('down')))"
)


def key_page() -> str:
    """The page."""
    keys = "".join(f"<button data-key={key}>{key}</button>" for key in KEYS)
    return f"<!doctype html><title>keys</title><style>{_STYLE}</style>{keys}<script>{_SCRIPT}</script>"
