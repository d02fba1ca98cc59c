using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypercompress.Models.Kernels.Panels;

namespace Hypercompress.Models.Kernels.Trellis;

/// <summary>Unpacks panels of steps, from the first row of a trellis or of a piece of work downwards.</summary>
/// <typeparam name="TSteps">The layout of steps.</typeparam>
internal static unsafe class StepPanels<TSteps>
    where TSteps : struct, IStepCodes
{
    /// <summary>
    /// Bytes of what a panel hands on to the panel below it, for each block: its parities, then the lowest bits of its
    /// steps.
    /// </summary>
    public const int WalkBytes = 2 * BitPlane.Bytes;

    /// <summary>Begins below a panel that was not unpacked, from its stored parities.</summary>
    /// <param name="parities">Its parities, a <see cref="BitPlane"/> a block.</param>
    /// <param name="steps">Its blocks.</param>
    /// <param name="blocks">How many.</param>
    /// <param name="walk">Gets what the panel hands on.</param>
    public static void Begin(byte* parities, byte* steps, int blocks, byte* walk)
    {
        for (int block = 0; block < blocks; block++)
        {
            Vector256.Load(parities).Store(walk);
            TSteps.LoadLowest(steps).AsByte().Store(walk + BitPlane.Bytes);
            parities += BitPlane.Bytes;
            steps += TSteps.BlockBytes;
            walk += WalkBytes;
        }
    }

    /// <summary>Unpacks the levels of a panel: twice the steps plus the parities.</summary>
    /// <param name="steps">Its blocks.</param>
    /// <param name="blocks">How many.</param>
    /// <param name="walk">What the panel above handed on; gets what this one does.</param>
    /// <param name="raise">What is added to every level; sums are at most 255.</param>
    /// <param name="unpacked">Gets the blocks, a byte a level.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unpack(byte* steps, int blocks, byte* walk, byte raise, byte* unpacked)
    {
        // Most are not raised, and an addition is a sixth of the work.
        if (raise == 0)
        {
            UnpackAll(steps, blocks, walk, null, unpacked);
        }
        else
        {
            UnpackAll(steps, blocks, walk, Vector256.Create(raise), unpacked);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void UnpackAll(byte* steps, int blocks, byte* walk, Vector256<byte>? raises, byte* unpacked)
    {
        for (int block = 0; block < blocks; block++)
        {
            Vector256<uint> parities = Advance(steps, walk);

            // Not a loop: shifts by constants are half the work.
            Unpack(steps, 0, parities, raises, unpacked);
            Unpack(steps, 1, parities, raises, unpacked);
            Unpack(steps, 2, parities, raises, unpacked);
            Unpack(steps, 3, parities, raises, unpacked);
            Unpack(steps, 4, parities, raises, unpacked);
            Unpack(steps, 5, parities, raises, unpacked);
            Unpack(steps, 6, parities, raises, unpacked);
            Unpack(steps, 7, parities, raises, unpacked);
            steps += TSteps.BlockBytes;
            walk += WalkBytes;
            unpacked += ByteCodes.BlockBytes;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Unpack(
        byte* steps, int vector, Vector256<uint> parities, Vector256<byte>? raises, byte* unpacked)
    {
        Vector256<byte> odd = (parities >> vector).AsByte() & Vector256<byte>.One;
        Vector256<byte> levels = TSteps.LoadDoubled(steps, vector) | odd;
        (raises is { } raise ? levels + raise : levels).Store(unpacked + (vector * Vector256<byte>.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Advance(byte* steps, byte* walk)
    {
        var handed = (uint*)walk;
        Vector256<uint> lowest = TSteps.LoadLowest(steps);
        Vector256<uint> parities = ParityRule.Next(
            lowest, Vector256.Load(handed + PanelShape.Rows), Vector256.Load(handed));
        parities.Store(handed);
        lowest.Store(handed + PanelShape.Rows);
        return parities;
    }
}
