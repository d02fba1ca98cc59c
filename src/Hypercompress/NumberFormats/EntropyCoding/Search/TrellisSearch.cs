using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hypercompress.NumberFormats.EntropyCoding.Streams;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Hypercompress.NumberFormats.EntropyCoding.Search;

/// <summary>
/// Finds the levels along a run of values that cost least: Σ (value − level)² + λ · bits(level), over all paths of the
/// trellis (Viterbi).
/// </summary>
internal sealed class TrellisSearch : ILevelSearch
{
    private const int Half = TrellisCode.States / 2;
    private const int Candidates = 8;
    private const int Residues = 4;
    private const int RebaseEvery = 16;
    private const float Unreachable = 1e30f;

    private readonly float[] _costs = new float[TrellisCode.States];
    private readonly float[] _next = new float[TrellisCode.States];
    private ulong[] _decisions = [];
    private short[] _levels = [];

    /// <inheritdoc/>
    public void Run(
        ReadOnlySpan<float> values, ReadOnlySpan<byte> classes, LevelPrices prices, Span<short> levels, int state)
    {
        Reserve(values.Length);
        Array.Fill(_costs, Unreachable);
        _costs[state] = 0;
        Span<float> branches = stackalloc float[Residues];
        for (int i = 0; i < values.Length; i++)
        {
            int first = FirstCandidate(values[i]);
            Price(
                values[i],
                first,
                prices.Of(classes[i], first, Candidates),
                branches,
                _levels.AsSpan(i * Residues, Residues));
            _decisions[i] = Avx2.IsSupported ? AdvanceWide(_costs, branches) : Advance(branches);
            if (i % RebaseEvery == 0)
            {
                Rebase();
            }
        }

        TraceBack(levels);
    }

    private static int FirstCandidate(float value) =>
        int.Clamp((int)MathF.Floor(value) - 3, -LevelModel.Largest, LevelModel.Largest - Candidates + 1);

    // The best level of each residue modulo 4 among the eight around the value: residue = parity + 2 · branch.
    private static void Price(float value, int first, ReadOnlySpan<float> price, Span<float> costs, Span<short> levels)
    {
        for (int near = 0; near < Residues; near++)
        {
            float low = value - (first + near);
            float high = low - Residues;
            float lowCost = (low * low) + price[near];
            float highCost = (high * high) + price[near + Residues];
            int residue = (first + near) & (Residues - 1);
            bool takesHigh = highCost < lowCost;
            costs[residue] = takesHigh ? highCost : lowCost;
            levels[residue] = (short)(first + near + (takesHigh ? Residues : 0));
        }
    }

    // Even next states come from states of even parity, odd ones from odd parity: bit u of the decisions tells over
    // which branch 2u was reached, bit 32 + u the same of 2u + 1.
    private ulong Advance(ReadOnlySpan<float> branches)
    {
        ulong decisions = 0;
        for (int next = 0; next < TrellisCode.States; next++)
        {
            int parity = next & 1;
            float straight = _costs[TrellisCode.Previous(next, 0)] + branches[parity];
            float flipped = _costs[TrellisCode.Previous(next, 1)] + branches[parity + 2];
            bool flips = flipped < straight;
            _next[next] = flips ? flipped : straight;
            decisions |= flips ? 1UL << ((next >> 1) + (parity * Half)) : 0;
        }

        _next.CopyTo(_costs, 0);
        return decisions;
    }

    // The same on eight states at a time: BranchFlip is a swap inside and between blocks of eight, ParityFlip between
    // them.
    private static ulong AdvanceWide(float[] costs, ReadOnlySpan<float> branches)
    {
        ref float first = ref MemoryMarshal.GetArrayDataReference(costs);
        Vector256<float> c0 = Vector256.LoadUnsafe(ref first, 0), c1 = Vector256.LoadUnsafe(ref first, 8);
        Vector256<float> c2 = Vector256.LoadUnsafe(ref first, 16), c3 = Vector256.LoadUnsafe(ref first, 24);
        Vector256<float> c4 = Vector256.LoadUnsafe(ref first, 32), c5 = Vector256.LoadUnsafe(ref first, 40);
        Vector256<float> c6 = Vector256.LoadUnsafe(ref first, 48), c7 = Vector256.LoadUnsafe(ref first, 56);
        Vector256<float> even = Vector256.Create(branches[0]), evenFlipped = Vector256.Create(branches[2]);
        Vector256<float> odd = Vector256.Create(branches[1]), oddFlipped = Vector256.Create(branches[3]);
        ulong decisions = Step(ref first, 0, c0, c1, even, evenFlipped, c6, c7, odd, oddFlipped);
        decisions |= Step(ref first, 1, c1, c0, even, evenFlipped, c7, c6, odd, oddFlipped) << 8;
        decisions |= Step(ref first, 2, c2, c3, even, evenFlipped, c4, c5, odd, oddFlipped) << 16;
        decisions |= Step(ref first, 3, c3, c2, even, evenFlipped, c5, c4, odd, oddFlipped) << 24;
        return decisions;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Step(
        ref float costs,
        nuint block,
        Vector256<float> evenStraight,
        Vector256<float> evenOther,
        Vector256<float> even,
        Vector256<float> evenFlipped,
        Vector256<float> oddStraight,
        Vector256<float> oddOther,
        Vector256<float> odd,
        Vector256<float> oddFlipped)
    {
        const byte SwapPairs = 0b_01_00_11_10;
        Vector256<float> a = evenStraight + even;
        Vector256<float> b = Avx.Permute(evenOther, SwapPairs) + evenFlipped;
        Vector256<float> c = oddStraight + odd;
        Vector256<float> d = Avx.Permute(oddOther, SwapPairs) + oddFlipped;
        ulong decisions = Vector256.LessThan(b, a).ExtractMostSignificantBits()
            | ((ulong)Vector256.LessThan(d, c).ExtractMostSignificantBits() << Half);
        Vector256<float> evens = Avx.Min(b, a);
        Vector256<float> odds = Avx.Min(d, c);
        Vector256<float> low = Avx.UnpackLow(evens, odds);
        Vector256<float> high = Avx.UnpackHigh(evens, odds);
        Avx.Permute2x128(low, high, 0x20).StoreUnsafe(ref costs, block * 16);
        Avx.Permute2x128(low, high, 0x31).StoreUnsafe(ref costs, (block * 16) + 8);
        return decisions;
    }

    // Sums stay small, so that their last digits still distinguish paths.
    private void Rebase()
    {
        TensorPrimitives.Subtract(_costs, TensorPrimitives.Min<float>(_costs), _costs);
    }

    private void TraceBack(Span<short> levels)
    {
        int state = TensorPrimitives.IndexOfMin<float>(_costs);
        for (int i = levels.Length - 1; i >= 0; i--)
        {
            int parity = state & 1;
            int branch = (int)(_decisions[i] >> ((state >> 1) + (parity * Half))) & 1;
            levels[i] = _levels[(i * Residues) + parity + (2 * branch)];
            state = TrellisCode.Previous(state, branch);
        }
    }

    private void Reserve(int length)
    {
        if (_decisions.Length < length)
        {
            (_decisions, _levels) = (new ulong[length], new short[length * Residues]);
        }
    }
}
