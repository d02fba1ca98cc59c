using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hypercompress.NumberFormats.EntropyCoding.Streams;

/// <summary>
/// Reads runs of 8, 16 or 32 lanes whose levels have no raw low bits, with AVX2: eight coder states advance in a
/// vector, and the words that states take are dealt out in the order of lanes. Gives the levels of
/// <see cref="LevelRuns.DecodeByLane"/>.
/// </summary>
/// <param name="scales">The grid.</param>
/// <param name="model">The model of the levels, of shift 0.</param>
/// <param name="code">Which levels may follow each other.</param>
/// <param name="lanes">8, 16 or 32.</param>
internal sealed unsafe class VectorRuns(MatrixScales scales, LevelModel model, LevelCode code, int lanes)
{
    private const int MostLanes = 32;
    private const int Width = 8;
    private const int ReciprocalBits = 20;

    // Past the end of a run: what a row may take before it is found that the run has ended, and a vector more.
    private const int Slack = 2 * MostLanes * sizeof(ushort);

    // For each set of lanes that take a word, which word each takes.
    private static readonly int[] Dealing = Deal();

    private readonly int _vectors = lanes / Width;
    private readonly int _parities = code == LevelCode.Scalar ? 1 : 2;

    /// <summary>Whether this processor and a model can do so.</summary>
    internal static bool Fits(LevelModel model, int lanes) =>
        Avx2.IsSupported && lanes is Width or (2 * Width) or MostLanes && model.Shift == 0;

    /// <summary>Decodes a run.</summary>
    /// <param name="run">Its bytes.</param>
    /// <param name="firstRow">First row of the run.</param>
    /// <param name="rows">Rows of the run.</param>
    /// <param name="levels">Gets the levels of the run, row after row.</param>
    /// <exception cref="FormatException">The data ends or is malformed.</exception>
    internal void Decode(ReadOnlySpan<byte> run, int firstRow, int rows, Span<short> levels)
    {
        uint* states = stackalloc uint[MostLanes];
        Begin(run, states);

        // Vectors read past the word that they need: the words are copied to where there is room. Not to arrays of a
        // pool, which would keep them when the last matrix is decoded.
        int room = run.Length + Slack;
        var words = (byte*)NativeMemory.Alloc((nuint)room);
        try
        {
            using var tables = new LaneTables(model);
            run.CopyTo(new Span<byte>(words, room));
            new Span<byte>(words, room)[run.Length..].Clear();
            DecodeGroups(words, run.Length, tables, states, firstRow, rows, levels);
        }
        finally
        {
            NativeMemory.Free(words);
        }
    }

    private void DecodeGroups(
        byte* words, int length, LaneTables tables, uint* states, int firstRow, int rows, Span<short> levels)
    {
        fixed (short* target = levels)
        {
            var position = new Position(words + (lanes * sizeof(uint)), words + length);
            for (int first = 0; first < scales.Columns; first += lanes)
            {
                int count = int.Min(lanes, scales.Columns - first);
                short* place = target + first;
                if (count == lanes)
                {
                    DecodeGroup(tables, states, ref position, first, firstRow, rows, place);
                }
                else
                {
                    DecodeRest(tables, states, ref position, first, count, firstRow, rows, place);
                }
            }
        }
    }

    private void Begin(ReadOnlySpan<byte> run, uint* states)
    {
        for (int lane = 0; lane < lanes; lane++)
        {
            int place = sizeof(uint) * lane;
            states[lane] = run.Length >= place + sizeof(uint)
                ? BinaryPrimitives.ReadUInt32LittleEndian(run[place..])
                : 0;
            if (states[lane] < RansEncoder.Least)
            {
                throw new FormatException("a run of coded levels does not begin with its coder states");
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void DecodeGroup(
        LaneTables tables, uint* states, ref Position position, int first, int firstRow, int rows, short* target)
    {
        Vector256<int>* offsets = stackalloc Vector256<int>[MostLanes / Width];
        Vector256<int>* trellis = stackalloc Vector256<int>[MostLanes / Width];
        int* codes = stackalloc int[MostLanes];
        for (int i = 0; i < lanes; i++)
        {
            ((int*)offsets)[i] = scales.Parts.ColumnMagnitudes[first + i] - scales.Lowest;
            ((int*)trellis)[i] = TrellisCode.Start;
        }

        Vector256<int> reciprocal = Vector256.Create(((1 << ReciprocalBits) + scales.Width - 1) / scales.Width);
        Vector256<int> last = Vector256.Create(scales.Classes - 1);
        fixed (int* dealing = Dealing)
        fixed (sbyte* magnitudes = &scales.Parts.RowMagnitudes[firstRow])
        {
            for (int row = 0; row < rows; row++, target += scales.Columns)
            {
                Vector256<int> magnitude = Vector256.Create((int)magnitudes[row]);
                Vector256<int> escaped = Vector256<int>.Zero;
                byte* next = position.Next;
                for (nuint v = 0; v < (nuint)_vectors; v++)
                {
                    Vector256<int> above = Vector256.Max(magnitude + offsets[v], Vector256<int>.Zero);
                    Vector256<int> table = Vector256.Min((above * reciprocal) >> ReciprocalBits, last);
                    table = _parities == 1 ? table : (table << 1) + (trellis[v] >> 5);
                    Vector256<int> taken = Take((Vector256<uint>*)states + v, tables, table, dealing, ref next);
                    taken.Store(codes + (v * Width));
                    escaped |= Vector256.GreaterThan(taken, Vector256.Create(LevelModel.Unused - 1));
                }

                position.MoveTo(next);
                if (escaped != Vector256<int>.Zero)
                {
                    ReadEscapes(states, ref position, codes);
                }

                Finish(codes, trellis, target);
            }
        }

        position.RequireWithin();
    }

    // Codes are twice the bucket, plus 1 where negative; escaped levels come marked by higher bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Finish(int* codes, Vector256<int>* trellis, short* target)
    {
        for (int v = 0; v < _vectors; v++)
        {
            Vector256<int> taken = Vector256.Load(codes + (v * Width));
            Vector256<int> magnitude = taken >> 1;
            Vector256<int> sign = -(taken & Vector256<int>.One);
            if (_parities == 2)
            {
                Vector256<int> state = trellis[v];
                Vector256<int> parity = state >> 5;
                magnitude = (magnitude << 1) | parity;
                Vector256<int> level = (magnitude ^ sign) - sign;
                Vector256<int> moved = ((state << 1) & Vector256.Create(TrellisCode.States - 1))
                    ^ (-parity & Vector256.Create((2 * TrellisCode.ParityFlip) + 1));
                Vector256<int> branch = -((level >> 1) & Vector256<int>.One);
                trellis[v] = moved ^ (branch & Vector256.Create(2 * TrellisCode.BranchFlip));
                magnitude = level;
            }
            else
            {
                magnitude = (magnitude ^ sign) - sign;
            }

            Vector256.Narrow(magnitude, magnitude).GetLower().Store(target + (v * Width));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Take(
        Vector256<uint>* state, LaneTables tables, Vector256<int> table, int* dealing, ref byte* next)
    {
        Vector256<uint> before = *state;
        Vector256<uint> place = before & Vector256.Create((1u << LevelTable.Precision) - 1);
        Vector256<uint> range = tables.At((table.AsUInt32() << LevelTable.Precision) | place);
        Vector256<uint> share = (range >> LevelTable.CodeBits) & Vector256.Create((1u << LevelTable.ShareBits) - 1);
        Vector256<uint> after = (share * (before >> LevelTable.Precision))
            + place - (range >> (LevelTable.CodeBits + LevelTable.ShareBits));

        // Below 2¹⁶, the least state, the upper half is zero.
        Vector256<uint> needs = Vector256.Equals(after >> 16, Vector256<uint>.Zero);
        nuint mask = needs.ExtractMostSignificantBits();
        Vector256<int> words = Avx2.ConvertToVector256Int32((ushort*)next);
        Vector256<int> dealt = Avx2.PermuteVar8x32(words, Vector256.Load(dealing + (mask * Width)));
        *state = Vector256.ConditionalSelect(needs, (after << 16) | dealt.AsUInt32(), after);
        next += sizeof(ushort) * (nuint)BitOperations.PopCount(mask);
        return (range & Vector256.Create((1u << LevelTable.CodeBits) - 1)).AsInt32();
    }

    private void ReadEscapes(uint* states, ref Position position, int* codes)
    {
        for (int lane = 0; lane < lanes; lane++)
        {
            if (codes[lane] == LevelModel.Unused)
            {
                throw new FormatException("a level of a class that was said to have none");
            }

            if (codes[lane] == LevelTable.Escape)
            {
                int escaped = TakeBits(states + lane, ref position, LevelModel.EscapeLowBits);
                codes[lane] = escaped
                    | (TakeBits(states + lane, ref position, LevelModel.EscapeHighBits) << LevelModel.EscapeLowBits);
            }
        }
    }

    private static int TakeBits(uint* state, ref Position position, int bits)
    {
        uint place = *state & ((1u << LevelTable.Precision) - 1);
        int spare = LevelTable.Precision - bits;
        *state = position.Refill(((*state >> LevelTable.Precision) << spare) + (place & ((1u << spare) - 1)));
        return (int)(place >> spare);
    }

    // The last columns, fewer than there are lanes.
    private void DecodeRest(
        LaneTables tables, uint* states, ref Position position, int first, int count, int firstRow, int rows,
        short* target)
    {
        int* trellis = stackalloc int[MostLanes];
        int* codes = stackalloc int[MostLanes];
        new Span<int>(trellis, lanes).Clear();
        for (int row = 0; row < rows; row++, target += scales.Columns)
        {
            new Span<int>(codes, lanes).Clear();
            for (int lane = 0; lane < count; lane++)
            {
                int above = scales.Parts.RowMagnitudes[firstRow + row]
                    + scales.Parts.ColumnMagnitudes[first + lane] - scales.Lowest;
                int table = (scales.ClassOf(above) * _parities)
                    + (TrellisCode.Parity(trellis[lane]) & (_parities - 1));
                uint state = states[lane];
                uint place = state & ((1u << LevelTable.Precision) - 1);
                uint range = tables.At(((uint)table << LevelTable.Precision) | place);
                uint share = (range >> LevelTable.CodeBits) & ((1u << LevelTable.ShareBits) - 1);
                states[lane] = position.Refill((share * (state >> LevelTable.Precision))
                    + place - (range >> (LevelTable.CodeBits + LevelTable.ShareBits)));
                codes[lane] = (int)(range & ((1u << LevelTable.CodeBits) - 1));
            }

            ReadEscapes(states, ref position, codes);
            for (int lane = 0; lane < count; lane++)
            {
                int magnitude = codes[lane] >> 1;
                magnitude = _parities == 1 ? magnitude : (magnitude << 1) | TrellisCode.Parity(trellis[lane]);
                int level = (codes[lane] & 1) == 1 ? -magnitude : magnitude;
                target[lane] = (short)level;
                trellis[lane] = _parities == 1 ? trellis[lane] : TrellisCode.Next(trellis[lane], level);
            }
        }

        position.RequireWithin();
    }

    private static int[] Deal()
    {
        var dealing = new int[256 * Width];
        for (int mask = 0; mask < 256; mask++)
        {
            int word = 0;
            for (int lane = 0; lane < Width; lane++)
            {
                dealing[(mask * Width) + lane] = ((mask >> lane) & 1) == 1 ? word++ : 0;
            }
        }

        return dealing;
    }

    private ref struct Position(byte* next, byte* end)
    {
        public byte* Next { get; private set; } = next;

        // Beyond the end words are zeros, and where that happens is found out once per column.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void MoveTo(byte* place) => Next = place > end + sizeof(ushort) ? end + sizeof(ushort) : place;

        public readonly void RequireWithin()
        {
            if (Next > end)
            {
                throw new FormatException("a run of coded levels ends too early");
            }
        }

        public uint Refill(uint state)
        {
            if (state >= RansEncoder.Least)
            {
                return state;
            }

            state = (state << 16) | *(ushort*)Next;
            MoveTo(Next + sizeof(ushort));
            return state;
        }
    }
}
