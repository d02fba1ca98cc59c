using System.Runtime.InteropServices;

namespace Hypercompress.Models.Kernels.Panels;

/// <summary>The corrections of some panels that follow each other, as <see cref="Corrections"/> holds them.</summary>
/// <param name="unit">What all are multiples of.</param>
internal sealed class CorrectionPanels(int unit)
{
    /// <summary>The largest gap, and the mask of its bits.</summary>
    public const int GapMask = 127;

    /// <summary>Bits below those of the row.</summary>
    public const int RowShift = 7;

    /// <summary>Bits below those of the multiple.</summary>
    public const int MultipleShift = 10;

    /// <summary>The bits of a row.</summary>
    public const int RowMask = PanelShape.Rows - 1;

    private const int RowBits = MultipleShift - RowShift;
    private const int LeastMultiple = short.MinValue >> MultipleShift;
    private const int MostMultiple = short.MaxValue >> MultipleShift;

    private readonly List<short> _corrections = [];
    private readonly List<int> _ends = [];
    private readonly List<bool> _fits = [];

    // Those of the panel so far: column and row in the upper 32 bits, by which they are sorted, and in the lower 32
    // bits what is missing.
    private readonly List<long> _panel = [];
    private int _row;
    private bool _isFitting = true;

    /// <summary>
    /// Each in 16 bits: in the lowest 7 the columns since the correction before it (since column 0 in the first of a
    /// panel), in the next 3 the row in the panel, in the upper 6 a signed multiple. A longer gap takes corrections of
    /// 0 in between, a larger multiple several corrections of one place.
    /// </summary>
    public IReadOnlyCollection<short> Corrections => _corrections;

    /// <summary>How many corrections there are up to the end of each panel.</summary>
    public IReadOnlyList<int> Ends => _ends;

    /// <summary>Whether all levels of each panel fit into <see cref="SevenBitCodes"/>.</summary>
    public IReadOnlyList<bool> Fits => _fits;

    /// <summary>Adds the correction of a level.</summary>
    /// <param name="column">Its column.</param>
    /// <param name="level">The level.</param>
    /// <param name="missing">The level less what its code stands for.</param>
    public void Add(int column, int level, int missing)
    {
        _panel.Add(((((long)column << RowBits) | (long)_row) << 32) | (uint)missing);
        _isFitting &= level is >= -SevenBitCodes.Zero and < SevenBitCodes.Zero;
    }

    /// <summary>Ends a row.</summary>
    public void EndRow()
    {
        if (++_row == PanelShape.Rows)
        {
            EndPanel();
        }
    }

    /// <summary>Ends the last panel where it has fewer rows than others.</summary>
    public void End()
    {
        if (_row > 0)
        {
            EndPanel();
        }
    }

    private void EndPanel()
    {
        Span<long> sorted = CollectionsMarshal.AsSpan(_panel);
        sorted.Sort();
        int last = 0;
        foreach (long correction in sorted)
        {
            int place = (int)(correction >> 32);
            int column = place >> RowBits;
            Encode(column - last, place & RowMask, (int)correction / unit);
            last = column;
        }

        _panel.Clear();
        _ends.Add(_corrections.Count);
        _fits.Add(_isFitting);
        (_row, _isFitting) = (0, true);
    }

    private void Encode(int gap, int row, int multiple)
    {
        for (; gap > GapMask; gap -= GapMask)
        {
            _corrections.Add(GapMask);
        }

        do
        {
            int part = int.Clamp(multiple, LeastMultiple, MostMultiple);
            _corrections.Add((short)((part << MultipleShift) | (row << RowShift) | gap));
            (multiple, gap) = (multiple - part, 0);
        }
        while (multiple != 0);
    }
}
