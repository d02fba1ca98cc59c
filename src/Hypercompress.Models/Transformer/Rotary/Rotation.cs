namespace Hypercompress.Models.Transformer.Rotary;

/// <summary>The rotations that layers of one kind need in a pass.</summary>
/// <param name="All">Of the positions from 0 to the last token.</param>
/// <param name="New">Of the tokens of this pass.</param>
internal sealed record Rotation(RotaryAngles All, RotaryAngles New);
