using System.Runtime.Intrinsics;
using Hypercompress.Models.Kernels.Panels;

namespace Hypercompress.Models.Kernels.Matrices;

/// <summary>A matrix in panels of 8 rows: products of two panels at a time by as many inputs as there are.</summary>
internal abstract unsafe class PanelMatrix : LeafMatrix
{
    // As many inputs as stay in the processor's second cache while all rows pass by.
    private const int InputsAtOnce = 64;

    // From so many inputs on a panel is unpacked once for all, and corrections are merged into its codes where these
    // stay within seven bits.
    private const int ManyInputs = 16;

    private readonly AlignedMemory? _rowFactors;
    private readonly AlignedMemory? _columnFactors;

    private protected PanelMatrix(
        int rows, int columns, ReadOnlySpan<float> rowFactors, ReadOnlySpan<float> columnFactors)
        : base(rows, columns)
    {
        Shape = new PanelShape(rows, columns);
        (_rowFactors, _columnFactors) = (Copy(rowFactors), Copy(columnFactors));
    }

    /// <summary>
    /// What codes lack where columns have factors; owned. Null for nothing. Set before the matrix is used.
    /// </summary>
    public Corrections? Corrections { get; set; }

    /// <inheritdoc/>
    public override long ByteCount => (_rowFactors?.ByteCount ?? 0) + (Corrections?.ByteCount ?? 0);

    /// <inheritdoc/>
    public sealed override bool TakesCodes => true;

    /// <inheritdoc/>
    public sealed override float* ColumnFactors => _columnFactors is null ? null : _columnFactors.As<float>();

    /// <inheritdoc/>
    public override int Units => (Shape.Panels + UnitPanels - 1) / UnitPanels;

    /// <summary>How the matrix is cut.</summary>
    protected PanelShape Shape { get; }

    /// <summary>Panels of a piece of work.</summary>
    protected virtual int UnitPanels => 1;

    /// <summary>Bytes of what is handed from one panel to the next.</summary>
    protected virtual int WalkBytes => 0;

    /// <summary>Puts the codes of a row.</summary>
    /// <param name="row">0-based row, whose codes were not put before.</param>
    /// <param name="codes">As many as there are columns.</param>
    public abstract void PutRow(int row, ReadOnlySpan<byte> codes);

    /// <inheritdoc/>
    public sealed override void MultiplyUnits(in LeafInput input, int first, int end, float* y, int stride)
    {
        (int firstPanel, int endPanel) = (first * UnitPanels, int.Min(end * UnitPanels, Shape.Panels));
        long panelBytes = UnpacksFor(input) ? (long)Shape.Blocks * ByteCodes.BlockBytes : 0;
        long roomBytes = (2 * panelBytes) + WalkBytes;
        using AlignedMemory? room = roomBytes == 0 ? null : new(roomBytes);
        byte* upperRoom = room is null ? null : room.As<byte>();
        byte* lowerRoom = upperRoom + panelBytes;
        byte* walk = lowerRoom + panelBytes;
        for (int from = 0; from < input.Count; from += InputsAtOnce)
        {
            int to = int.Min(from + InputsAtOnce, input.Count);
            Begin(firstPanel, walk);
            for (int panel = firstPanel; panel < endPanel; panel += 2)
            {
                PreparedPanel upper = Prepare(panel, input, upperRoom, walk);
                if (panel + 1 == endPanel)
                {
                    Multiply(upper, panel, input, from, to, y, stride);
                    continue;
                }

                PreparedPanel lower = Prepare(panel + 1, input, lowerRoom, walk);
                Multiply(upper, lower, panel, input, from, to, y, stride);
            }
        }
    }

    /// <summary>Whether panels are unpacked to a byte a code for an input.</summary>
    protected abstract bool UnpacksFor(in LeafInput input);

    /// <summary>Begins with a panel that is the first of a piece of work.</summary>
    /// <param name="panel">0-based panel.</param>
    /// <param name="walk">Gets what the panel before it hands on.</param>
    protected virtual void Begin(int panel, byte* walk)
    {
    }

    /// <summary>Makes a panel ready; those of a piece of work come in order.</summary>
    /// <param name="panel">0-based panel.</param>
    /// <param name="input">What it is multiplied by.</param>
    /// <param name="unpacked">Room for its codes where they are unpacked.</param>
    /// <param name="walk">What the panel before it hands on; gets what this one does.</param>
    protected abstract PreparedPanel Prepare(int panel, in LeafInput input, byte* unpacked, byte* walk);

    /// <summary>Whether there are so many inputs that panels are better made ready once for all.</summary>
    protected static bool IsMany(in LeafInput input) => input.Count >= ManyInputs;

    /// <summary>
    /// Whether a panel is unpacked to <see cref="SevenBitCodes"/> for an input, with the corrections merged into them.
    /// </summary>
    /// <param name="panel">0-based panel.</param>
    /// <param name="input">What it is multiplied by.</param>
    protected bool MergesCorrections(int panel, in LeafInput input) => Corrections is not null
        && IsMany(input) && !input.IsRepeatable && Corrections.FitSevenBits(panel);

    /// <summary>Merges the corrections of a panel into its codes.</summary>
    /// <param name="kernel">The kernel of <see cref="SevenBitCodes"/>.</param>
    /// <param name="panel">0-based panel.</param>
    /// <param name="unpacked">Its codes, a byte each, as <see cref="SevenBitCodes"/>.</param>
    protected PreparedPanel Merged(IPanelKernel kernel, int panel, Panel unpacked)
    {
        Corrections!.AddTo(panel, unpacked.Codes);
        return new PreparedPanel(kernel, unpacked, null);
    }

    /// <summary>The factor of a row.</summary>
    protected float RowFactor(int row) => _rowFactors is null ? 1 : _rowFactors.As<float>()[row];

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _rowFactors?.Dispose();
        _columnFactors?.Dispose();
        Corrections?.Dispose();
    }

    private int RowsOf(int panel) => int.Min(PanelShape.Rows, Rows - (panel * PanelShape.Rows));

    private static AlignedMemory? Copy(ReadOnlySpan<float> factors)
    {
        if (factors.IsEmpty)
        {
            return null;
        }

        var memory = AlignedMemory.Of<float>(factors.Length);
        factors.CopyTo(new Span<float>(memory.As<float>(), factors.Length));
        return memory;
    }

    private void Multiply(
        in PreparedPanel upper, in PreparedPanel lower, int panel, in LeafInput input, int from, int to, float* y,
        int stride)
    {
        const int Tile = QuantizedInput.Tile * PanelShape.Rows;
        QuantizedInput codes = input.Codes!;
        float* totals = stackalloc float[4 * Tile];
        int index = from;
        for (; upper.Kernel == lower.Kernel && index + QuantizedInput.Tile <= to; index += QuantizedInput.Tile)
        {
            upper.Kernel.MultiplyPair(upper.Panel, lower.Panel, codes, index, totals);
            if (codes.HasRests)
            {
                upper.Kernel.MultiplyPair(upper.Panel, lower.Panel, codes, codes.Count + index, totals + (2 * Tile));
                Add(totals, totals + (2 * Tile), 2 * QuantizedInput.Tile);
            }

            Finish(panel, upper.Corrections, input, index, QuantizedInput.Tile, totals, y, stride);
            Finish(panel + 1, lower.Corrections, input, index, QuantizedInput.Tile, totals + Tile, y, stride);
        }

        Multiply(upper, panel, input, index, to, y, stride);
        Multiply(lower, panel + 1, input, index, to, y, stride);
    }

    private void Multiply(
        in PreparedPanel prepared, int panel, in LeafInput input, int from, int to, float* y, int stride)
    {
        float* totals = stackalloc float[2 * QuantizedInput.Tile * PanelShape.Rows];
        for (int index = from; index < to; index += QuantizedInput.Tile)
        {
            int count = int.Min(QuantizedInput.Tile, to - index);
            Multiply(prepared.Kernel, prepared.Panel, input.Codes!, index, count, totals);
            Finish(panel, prepared.Corrections, input, index, count, totals, y, stride);
        }
    }

    // The rounding error of a single input is multiplied beside it, so that codes are unpacked once.
    private static void Multiply(
        IPanelKernel kernel, in Panel panel, QuantizedInput codes, int index, int count, float* totals)
    {
        float* rests = totals + (count * PanelShape.Rows);
        if (!codes.HasRests)
        {
            kernel.Multiply(panel, codes, index, 1, count, totals);
            return;
        }

        if (count == 1)
        {
            kernel.Multiply(panel, codes, index, codes.Count, 2, totals);
        }
        else
        {
            kernel.Multiply(panel, codes, index, 1, count, totals);
            kernel.Multiply(panel, codes, codes.Count + index, 1, count, rests);
        }

        Add(totals, rests, count);
    }

    private static void Add(float* totals, float* rests, int count)
    {
        for (int i = 0; i < count; i++, totals += PanelShape.Rows, rests += PanelShape.Rows)
        {
            (Vector256.Load(totals) + Vector256.Load(rests)).Store(totals);
        }
    }

    private void Finish(
        int panel, Corrections? corrections, in LeafInput input, int index, int count, float* totals, float* y,
        int stride)
    {
        int row = panel * PanelShape.Rows;
        int rows = RowsOf(panel);
        float* factors = _rowFactors is null ? null : _rowFactors.As<float>() + row;
        float* target = y + ((long)index * stride) + row;
        for (int i = 0; i < count; i++, totals += PanelShape.Rows, target += stride)
        {
            corrections?.AddTo(panel, input.Numbers + ((long)(index + i) * Columns), ColumnFactors, totals);
            if (rows == PanelShape.Rows)
            {
                Vector256<float> all = Vector256.Load(totals);
                (factors is null ? all : all * Vector256.Load(factors)).Store(target);
                continue;
            }

            for (int r = 0; r < rows; r++)
            {
                target[r] = factors is null ? totals[r] : totals[r] * factors[r];
            }
        }
    }
}
