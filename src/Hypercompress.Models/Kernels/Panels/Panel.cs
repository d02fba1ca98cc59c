namespace Hypercompress.Models.Kernels.Panels;

/// <summary>Codes and scales of 8 rows.</summary>
/// <param name="codes">The first block.</param>
/// <param name="groups">Scales of the first group.</param>
/// <param name="blocks">Number of blocks.</param>
/// <param name="groupShift">A group has 2 to this power blocks.</param>
/// <param name="zero">The code of zero.</param>
internal readonly unsafe struct Panel(byte* codes, ushort* groups, int blocks, int groupShift, int zero)
{
    /// <summary>The first block.</summary>
    public byte* Codes { get; } = codes;

    /// <summary>Scales of the first group; none where only rows have scales.</summary>
    public ushort* Groups { get; } = groups;

    /// <summary>Number of blocks.</summary>
    public int Blocks { get; } = blocks;

    /// <summary>A group has 2 to this power blocks.</summary>
    public int GroupShift { get; } = groupShift;

    /// <summary>The code of zero.</summary>
    public int Zero { get; } = zero;

    /// <summary>The same panel with its codes in another place.</summary>
    /// <param name="codes">The first block.</param>
    /// <param name="zero">Their code of zero.</param>
    public Panel With(byte* codes, int zero) => new(codes, Groups, Blocks, GroupShift, zero);
}
