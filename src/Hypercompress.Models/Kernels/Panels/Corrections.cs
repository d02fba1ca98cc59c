using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypercompress.Models.Kernels.Panels;

/// <summary>
/// What is missing from the codes of the few levels that do not fit, panel by panel: level − code, a multiple of one
/// number, in two bytes each. Those of a panel are in the order of columns, so that one short loop adds them to all its
/// rows.
/// </summary>
internal sealed unsafe class Corrections : IDisposable
{
    private readonly AlignedMemory _starts;
    private readonly AlignedMemory _corrections;
    private readonly bool[] _fits;
    private readonly int _unit;

    /// <summary>Joins the corrections of some panels after the other.</summary>
    /// <param name="unit">What all are multiples of.</param>
    /// <param name="parts">Those of all panels, in order.</param>
    public Corrections(int unit, IReadOnlyList<CorrectionPanels> parts)
    {
        _unit = unit;
        _fits = [.. parts.SelectMany(part => part.Fits)];
        _starts = AlignedMemory.Of<int>(parts.Sum(part => part.Ends.Count) + 1);
        _corrections = AlignedMemory.Of<short>(parts.Sum(part => part.Corrections.Count));
        int* end = _starts.As<int>();
        short* next = _corrections.As<short>();
        foreach (CorrectionPanels part in parts)
        {
            int first = *end;
            foreach (int ofPanel in part.Ends)
            {
                *++end = first + ofPanel;
            }

            foreach (short correction in part.Corrections)
            {
                *next++ = correction;
            }
        }
    }

    /// <summary>Bytes in memory.</summary>
    public long ByteCount => _starts.ByteCount + _corrections.ByteCount + _fits.Length;

    /// <summary>Adds the corrections to the products of a panel's rows, before the factors of the rows.</summary>
    /// <param name="panel">0-based panel.</param>
    /// <param name="x">The input, before the factors of columns.</param>
    /// <param name="factors">The factor of each column.</param>
    /// <param name="totals">The products of its rows.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddTo(int panel, float* x, float* factors, float* totals)
    {
        short* correction = _corrections.As<short>() + _starts.As<int>()[panel];
        short* end = _corrections.As<short>() + _starts.As<int>()[panel + 1];
        if (correction == end)
        {
            return;
        }

        float* lacking = stackalloc float[PanelShape.Rows];
        Vector256<float>.Zero.Store(lacking);
        int column = 0;
        for (; correction < end; correction++)
        {
            int all = *correction;
            column += all & CorrectionPanels.GapMask;
            lacking[RowOf(all)] += (all >> CorrectionPanels.MultipleShift) * (factors[column] * x[column]);
        }

        (Vector256.Load(totals) + (Vector256.Load(lacking) * _unit)).Store(totals);
    }

    /// <summary>Adds the corrections of a row to its values.</summary>
    /// <param name="row">0-based row.</param>
    /// <param name="values">The row's values, with the factors of columns.</param>
    /// <param name="factor">The factor of the row.</param>
    /// <param name="factors">The factor of each column.</param>
    public void AddTo(int row, Span<float> values, float factor, float* factors)
    {
        int column = 0;
        foreach (short correction in Of(row / PanelShape.Rows))
        {
            column += correction & CorrectionPanels.GapMask;
            if (RowOf(correction) == row % PanelShape.Rows)
            {
                values[column] +=
                    (correction >> CorrectionPanels.MultipleShift) * _unit * factors[column] * factor;
            }
        }
    }

    /// <summary>Whether all levels of a panel fit into <see cref="SevenBitCodes"/>.</summary>
    /// <param name="panel">0-based panel.</param>
    public bool FitSevenBits(int panel) => _fits[panel];

    /// <summary>Adds the corrections of a panel to its codes; the sums must be codes.</summary>
    /// <param name="panel">0-based panel.</param>
    /// <param name="codes">Its blocks, a byte a code.</param>
    public void AddTo(int panel, byte* codes)
    {
        int column = 0;
        foreach (short correction in Of(panel))
        {
            column += correction & CorrectionPanels.GapMask;
            byte* block = codes + ((long)(column / PanelShape.Columns) * ByteCodes.BlockBytes);
            int code = ByteCodes.Get(block, RowOf(correction), column % PanelShape.Columns);
            code += (correction >> CorrectionPanels.MultipleShift) * _unit;
            ByteCodes.Put(block, RowOf(correction), column % PanelShape.Columns, code);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _starts.Dispose();
        _corrections.Dispose();
    }

    private static int RowOf(int correction) => (correction >> CorrectionPanels.RowShift) & CorrectionPanels.RowMask;

    private ReadOnlySpan<short> Of(int panel)
    {
        int start = _starts.As<int>()[panel];
        return new ReadOnlySpan<short>(_corrections.As<short>() + start, _starts.As<int>()[panel + 1] - start);
    }
}
