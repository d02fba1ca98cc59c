using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypercompress.Models.Kernels.Panels;
using Hypercompress.Models.Kernels.Trellis;

namespace Hypercompress.Models.Kernels.Matrices;

/// <summary>
/// Levels that follow a trellis, held as its steps, which are walked down the rows whenever they are multiplied: the
/// value at (i, j) is level · row factor i · column factor j. A piece of work is some panels; the parities of the
/// panel above it are held too.
/// </summary>
/// <typeparam name="TSteps">The layout of steps.</typeparam>
/// <typeparam name="TLevels">A layout of as many levels: two for every step.</typeparam>
internal sealed unsafe class TrellisMatrix<TSteps, TLevels> : PanelMatrix
    where TSteps : struct, IStepCodes
    where TLevels : struct, ICodes
{
    // Enough that their parities weigh little, and so few that a small matrix is work for several threads.
    private const int PanelsAtOnce = 12;

    private readonly IPanelKernel _kernel =
        PanelKernels.Find<UnpackedCodes<TLevels>, RowScales>(InstructionSets.Chosen);

    private readonly IPanelKernel _mergedKernel = PanelKernels.Find<SevenBitCodes, RowScales>(InstructionSets.Chosen);
    private readonly AlignedMemory _steps;
    private readonly AlignedMemory _parities;
    private readonly int _trellisPanels;

    /// <summary>A matrix to be filled.</summary>
    /// <param name="trellisRows">Rows after which a trellis begins anew: a multiple of 8, or all rows.</param>
    /// <param name="rowFactors">A factor a row.</param>
    /// <param name="columnFactors">A factor a column.</param>
    public TrellisMatrix(int trellisRows, ReadOnlySpan<float> rowFactors, ReadOnlySpan<float> columnFactors)
        : base(rowFactors.Length, columnFactors.Length, rowFactors, columnFactors)
    {
        _trellisPanels = (trellisRows + PanelShape.Rows - 1) / PanelShape.Rows;
        _steps = new AlignedMemory((long)Shape.Panels * StepBytes);
        _parities = new AlignedMemory((long)(Units - 1) * ParityBytes);
    }

    /// <inheritdoc/>
    public override long ByteCount => base.ByteCount + _steps.ByteCount + _parities.ByteCount;

    /// <inheritdoc/>
    public override InputPrecision MostPrecision => InputPrecision.Byte;

    /// <inheritdoc/>
    protected override int UnitPanels => PanelsAtOnce;

    /// <inheritdoc/>
    protected override int WalkBytes => Shape.Blocks * StepPanels<TSteps>.WalkBytes;

    private static int Zero => (TLevels.Largest + 1) / 2;

    private int StepBytes => Shape.Blocks * TSteps.BlockBytes;

    private int ParityBytes => Shape.Blocks * BitPlane.Bytes;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void PutRow(int row, ReadOnlySpan<byte> codes)
    {
        (int panel, int lane) = int.DivRem(row, PanelShape.Rows);
        byte* steps = StepsOf(panel);
        byte* parities = (panel + 1) % PanelsAtOnce == 0 && panel + 1 < Shape.Panels ? ParitiesOf(panel + 1) : null;
        byte* levels = stackalloc byte[PanelShape.Columns];
        byte* halves = stackalloc byte[PanelShape.Columns];
        for (int first = 0; first < codes.Length; first += PanelShape.Columns, steps += TSteps.BlockBytes)
        {
            ReadOnlySpan<byte> part = codes.Slice(first, int.Min(PanelShape.Columns, codes.Length - first));
            new Span<byte>(levels, PanelShape.Columns).Clear();
            part.CopyTo(new Span<byte>(levels, PanelShape.Columns));
            Vector256<byte> half = (Vector256.Load(levels).AsUInt16() >> 1).AsByte() & Vector256.Create((byte)127);
            half.Store(halves);
            TSteps.PutRow(steps, lane, halves);
            if (parities is not null)
            {
                BitPlane.PutRow(parities, lane, levels, 0);
                parities += BitPlane.Bytes;
            }
        }
    }

    /// <inheritdoc/>
    public override void ReadRow(int row, Span<float> values)
    {
        (int panel, int lane) = int.DivRem(row, PanelShape.Rows);
        using var room = new AlignedMemory(WalkBytes + (Shape.Blocks * ByteCodes.BlockBytes));
        byte* walk = room.As<byte>();
        byte* unpacked = walk + WalkBytes;
        int first = panel / PanelsAtOnce * PanelsAtOnce;
        Begin(first, walk);
        for (int at = first; at <= panel; at++)
        {
            Unpack(at, 0, unpacked, walk);
        }

        float rowFactor = RowFactor(row);
        for (int column = 0; column < Columns; column++)
        {
            byte* block = unpacked + ((long)(column / PanelShape.Columns) * ByteCodes.BlockBytes);
            int level = ByteCodes.Get(block, lane, column % PanelShape.Columns) - Zero;
            values[column] = level * rowFactor * ColumnFactors[column];
        }

        Corrections?.AddTo(row, values, rowFactor, ColumnFactors);
    }

    /// <inheritdoc/>
    protected override bool UnpacksFor(in LeafInput input) => true;

    /// <inheritdoc/>
    protected override void Begin(int panel, byte* walk)
    {
        if (panel > 0)
        {
            StepPanels<TSteps>.Begin(ParitiesOf(panel), StepsOf(panel - 1), Shape.Blocks, walk);
        }
    }

    /// <inheritdoc/>
    protected override PreparedPanel Prepare(int panel, in LeafInput input, byte* unpacked, byte* walk)
    {
        if (MergesCorrections(panel, input))
        {
            Unpack(panel, (byte)(SevenBitCodes.Zero - Zero), unpacked, walk);
            return Merged(_mergedKernel, panel, Unpacked(unpacked, SevenBitCodes.Zero));
        }

        Unpack(panel, 0, unpacked, walk);
        return new PreparedPanel(_kernel, Unpacked(unpacked, Zero), Corrections);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _steps.Dispose();
        _parities.Dispose();
    }

    private byte* StepsOf(int panel) => _steps.As<byte>() + ((long)panel * StepBytes);

    // Of the panel above this one, which is the first of a piece of work but not of all.
    private byte* ParitiesOf(int panel) => _parities.As<byte>() + (((long)(panel / PanelsAtOnce) - 1) * ParityBytes);

    private Panel Unpacked(byte* levels, int zero) => new(levels, null, Shape.Blocks, 0, zero);

    private void Unpack(int panel, byte raise, byte* unpacked, byte* walk)
    {
        if (panel % _trellisPanels == 0)
        {
            new Span<byte>(walk, WalkBytes).Clear();
        }

        StepPanels<TSteps>.Unpack(StepsOf(panel), Shape.Blocks, walk, raise, unpacked);
    }
}
