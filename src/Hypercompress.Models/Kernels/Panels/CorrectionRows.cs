namespace Hypercompress.Models.Kernels.Panels;

/// <summary>The corrections of some rows that follow each other, as <see cref="Corrections"/> holds them.</summary>
/// <param name="unit">What all are multiples of.</param>
internal sealed class CorrectionRows(int unit)
{
    /// <summary>The bits of a gap.</summary>
    public const int GapMask = byte.MaxValue;

    /// <summary>How many those are.</summary>
    public const int GapBits = 8;

    private readonly List<short> _corrections = [];
    private readonly List<int> _ends = [];
    private int _column;

    /// <summary>
    /// Columns from the one before (from 0 in the first of a row), and above these bits a signed multiple. Longer gaps
    /// pass over corrections of 0, and larger multiples are several corrections of one column.
    /// </summary>
    public IReadOnlyCollection<short> Corrections => _corrections;

    /// <summary>How many corrections there are up to the end of each row.</summary>
    public IReadOnlyList<int> Ends => _ends;

    /// <summary>Adds what a level lacks.</summary>
    /// <param name="column">Its column, after those of the row so far.</param>
    /// <param name="missing">What it lacks.</param>
    public void Add(int column, int missing)
    {
        int gap = column - _column;
        for (; gap > GapMask; gap -= GapMask)
        {
            _corrections.Add(GapMask);
        }

        int multiple = missing / unit;
        do
        {
            int part = int.Clamp(multiple, sbyte.MinValue, sbyte.MaxValue);
            _corrections.Add((short)((part << GapBits) | gap));
            (multiple, gap) = (multiple - part, 0);
        }
        while (multiple != 0);

        _column = column;
    }

    /// <summary>Ends a row.</summary>
    public void EndRow()
    {
        _ends.Add(_corrections.Count);
        _column = 0;
    }
}
