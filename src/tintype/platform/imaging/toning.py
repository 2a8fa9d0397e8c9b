"""A recipe applied to a picture by libvips: at 1080 × 1350 a filter with matrix, curves and mask takes about 35 CPU ms.

benches/filters.py measures it.
"""

import pyvips

from tintype.platform.imaging.recipes import Recipe, Tables, weight

REACH = 1023  # into how many steps the square of the distance from the middle is divided, for each half side


def toned(picture: pyvips.Image, recipe: Recipe) -> pyvips.Image:
    """The picture in its new colours, in memory. It has three bands of 8 bits, before and after."""
    if recipe.is_identity:
        return picture
    if recipe.adjust:
        picture = picture.maplut(_lut(recipe.adjust))
    if recipe.matrix:
        picture = picture.recomb(pyvips.Image.new_from_array([list(row) for row in recipe.matrix]))
        picture = picture.rint().cast("uchar")
    if recipe.edge and recipe.centre:
        picture = picture.copy_memory()
        share = _weights(picture.width, picture.height, recipe.inner, recipe.outer)
        edge, centre = picture.maplut(_lut(recipe.edge)), picture.maplut(_lut(recipe.centre))
        picture = share.ifthenelse(edge, centre, blend=True)
    elif recipe.centre:
        picture = picture.maplut(_lut(recipe.centre))
    return picture.copy(interpretation="srgb").copy_memory()


def _lut(tables: Tables) -> pyvips.Image:
    mixed = bytes(value for three in zip(*tables, strict=True) for value in three)
    return pyvips.Image.new_from_memory(mixed, 256, 1, 3, "uchar")


def _weights(width: int, height: int, inner: float, outer: float) -> pyvips.Image:
    """The share of the edge at each pixel: one quarter computed, the others mirrored."""
    across, down = (width + 1) // 2, (height + 1) // 2
    row = pyvips.Image.new_from_array([[_step(x, width) for x in range(width - across, width)]]).cast("ushort")
    column = pyvips.Image.new_from_array([[_step(y, height)] for y in range(height - down, height)]).cast("ushort")
    squares = (row.replicate(1, down) + column.replicate(across, 1)).cast("ushort")
    table = bytes(weight((step / REACH) ** 0.5, inner, outer) for step in range(2 * REACH + 1))
    quarter = squares.maplut(pyvips.Image.new_from_memory(table, len(table), 1, 1, "uchar")).copy_memory()
    half = quarter
    if width > across:
        half = quarter.fliphor().crop(0, 0, width - across, down).join(quarter, "horizontal").copy_memory()
    if height == down:
        return half
    return half.flipver().crop(0, 0, width, height - down).join(half, "vertical").copy_memory()


def _step(at: int, side: int) -> int:
    """The square of how far a pixel's middle is from that of the picture, in half sides."""
    return round(REACH * ((2 * at + 1 - side) / side) ** 2)
