using Hypercompress.Models.Kernels;
using Hypercompress.Models.Kernels.Matrices;

namespace Hypercompress.Models.Tests.Kernels;

[Collection<AloneCollection>]
public sealed class PackedMatrixTests
{
    private static readonly (int Rows, int Columns)[] Shapes =
        [(1, 1), (1, 77), (9, 1), (8, 32), (7, 31), (17, 33), (40, 64), (23, 200), (64, 577), (151, 45)];

    public static TheoryData<InstructionSet, string> Kinds
    {
        get
        {
            var data = new TheoryData<InstructionSet, string>();
            foreach (InstructionSet set in InstructionSets.Supported)
            {
                foreach (string kind in Matrices.Keys)
                {
                    data.Add(set, kind);
                }
            }

            return data;
        }
    }

    private static Dictionary<string, Func<int, int, Random, (PackedMatrix, double[,])>> Matrices { get; } = new()
    {
        ["nibbles"] = (rows, columns, random) => Levels(rows, columns, random, 7, 0),
        ["nibbles with corrections"] = (rows, columns, random) => Levels(rows, columns, random, 7, 1),
        ["nibbles with corrections that fit a byte"] =
            (rows, columns, random) => Levels(rows, columns, random, 7, 1, largestCorrection: 60),
        ["five bits"] = (rows, columns, random) => Levels(rows, columns, random, 15, 0),
        ["six bits"] = (rows, columns, random) => Levels(rows, columns, random, 31, 1),
        ["six bits with corrections that fit a byte"] =
            (rows, columns, random) => Levels(rows, columns, random, 31, 1, largestCorrection: 63),
        ["seven bits"] = (rows, columns, random) => Levels(rows, columns, random, 63, 1),
        ["groups of 32 in five bits"] = (rows, columns, random) => Groups(rows, columns, random, 32, 31, 16, false),
        ["bytes"] = (rows, columns, random) => Levels(rows, columns, random, 127, 0),
        ["bytes with corrections"] = (rows, columns, random) => Levels(rows, columns, random, 127, 1),
        ["largest levels"] = (rows, columns, random) => Levels(rows, columns, random, 16383, 0),
        ["levels that stay coded"] = (rows, columns, random) => Levels(rows, columns, random, 40, 1, isStream: true),
        ["large levels that stay coded"] =
            (rows, columns, random) => Levels(rows, columns, random, 16383, 0, isStream: true),
        ["a trellis in three bits"] = (rows, columns, random) => Trellis(rows, columns, random, 7, 0),
        ["a trellis in three bits with corrections"] = (rows, columns, random) => Trellis(rows, columns, random, 7, 1),
        ["a trellis in three bits with corrections that fit a byte"] =
            (rows, columns, random) => Trellis(rows, columns, random, 7, 1, largestCorrection: 50),
        ["a trellis in four bits"] = (rows, columns, random) => Trellis(rows, columns, random, 15, 1),
        ["a trellis in five bits"] = (rows, columns, random) => Trellis(rows, columns, random, 31, 1),
        ["a trellis in six bits"] = (rows, columns, random) => Trellis(rows, columns, random, 63, 1),
        ["levels of a trellis in six bits"] =
            (rows, columns, random) => Trellis(rows, columns, random, 31, 1, asSteps: false),
        ["levels of a trellis as its steps"] =
            (rows, columns, random) => Trellis(rows, columns, random, 63, 1, asSteps: false),
        ["large levels of a trellis"] = (rows, columns, random) => Trellis(rows, columns, random, 16380, 0),
        ["groups of 32"] = (rows, columns, random) => Groups(rows, columns, random, 32, 15, 8, false),
        ["groups of 32 with minimums"] = (rows, columns, random) => Groups(rows, columns, random, 32, 15, 0, true),
        ["wide groups of 64"] = (rows, columns, random) => Groups(rows, columns, random, 64, 255, 128, false),
        ["wide groups of 128 with minimums"] =
            (rows, columns, random) => Groups(rows, columns, random, 128, 255, 0, true),
        ["groups of 16"] = (rows, columns, random) => Groups(rows, columns, random, 16, 63, 32, false),
        ["narrow groups of 16"] = (rows, columns, random) => Groups(rows, columns, random, 16, 15, 8, false),
        ["half precision"] = (rows, columns, random) => Floats(rows, columns, random, FloatKind.Half),
        ["bfloat16"] = (rows, columns, random) => Floats(rows, columns, random, FloatKind.Brain),
        ["single precision"] = (rows, columns, random) => Floats(rows, columns, random, FloatKind.Single),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Multiply_AllShapes_IsAsNearAsTheInputsAreTaken(InstructionSet set, string kind)
    {
        With(set, () =>
        {
            foreach ((int rows, int columns) in Shapes)
            {
                foreach (int count in new[] { 1, 3, 4, 9, 19 })
                {
                    Check(kind, rows, columns, count);
                }
            }
        });
    }

    [Fact]
    public void Multiply_AllInstructionSets_GiveTheSameBits()
    {
        foreach (string kind in Matrices.Keys)
        {
            float[][] results =
            [
                .. InstructionSets.Supported.Select(set => With(set, () =>
                {
                    var random = new Random(5);
                    (PackedMatrix matrix, _) = Matrices[kind](37, 143, random);
                    using (matrix)
                    {
                        return (float[])
                        [
                            .. Multiply(matrix, Inputs(random, 6 * 143), 6, InputPrecision.Word),
                            .. Multiply(matrix, Inputs(random, 21 * 143), 21, InputPrecision.Word),
                        ];
                    }
                })),
            ];
            Assert.All(results, result => Assert.Equal(results[0], result));
        }
    }

    [Theory]
    [InlineData("nibbles", true)]
    [InlineData("six bits", true)]
    [InlineData("seven bits", true)]
    [InlineData("a trellis in five bits", true)]
    [InlineData("bytes", false)]
    [InlineData("largest levels", false)]
    [InlineData("levels that stay coded", false)]
    [InlineData("groups of 32", false)]
    public void Multiply_LevelsCoarserThanInputs_TakesEightBitsOfThese(string kind, bool isCoarse)
    {
        var random = new Random(6);
        (PackedMatrix matrix, _) = Matrices[kind](24, 160, random);
        using (matrix)
        {
            float[] x = Inputs(random, 160);
            float[] asked = Multiply(matrix, x, 1, InputPrecision.Word);
            Assert.Equal(isCoarse, asked.SequenceEqual(Multiply(matrix, x, 1, InputPrecision.Byte)));
        }
    }

    [Theory]
    [InlineData(3, 100)]
    [InlineData(100, 3)]
    [InlineData(3, 16383)]
    [InlineData(16383, 3)]
    public void FromLevels_FirstBlockUnlikeTheOthers_HoldsThemAsOneBlockIsHeld(int largestOfFirst, int largestOfOthers)
    {
        const int Columns = 77;
        const int OtherRows = 150;
        var random = new Random(11);
        short[] levels =
        [
            .. Some(BlockStream.Rows * Columns, random, largestOfFirst, 0, 0),
            .. Some(OtherRows * Columns, random, largestOfOthers, 0, 0),
        ];
        (FactoredLevels all, double[,] values) = Scaled(BlockStream.Rows + OtherRows, Columns, random, levels);
        using PackedMatrix inBlocks = PackedMatrices.FromLevels(new BlockStream(all));
        using PackedMatrix inOne = PackedMatrices.FromLevels(all);
        Assert.Equal(inOne.ByteCount, inBlocks.ByteCount);
        var row = new float[Columns];
        for (int i = 0; i < all.Rows; i++)
        {
            inBlocks.ReadRow(i, row);
            for (int j = 0; j < Columns; j++)
            {
                Assert.Equal(values[i, j], row[j], 1e-5 * Math.Abs(values[i, j]));
            }
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Multiply_MoreThreads_GiveTheSameBits(int threads)
    {
        var random = new Random(6);
        (PackedMatrix matrix, _) = Levels(203, 95, random, 7, 1);
        using (matrix)
        {
            foreach (int count in new[] { 11, 83 })
            {
                float[] x = Inputs(random, count * 95);
                Assert.Equal(
                    Multiply(matrix, x, count, InputPrecision.Byte),
                    Multiply(matrix, x, count, InputPrecision.Byte, threads));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Multiply_Repeatable_GivesEachInputTheBitsItHasAlone(InstructionSet set, string kind)
    {
        With(set, () =>
        {
            foreach ((int rows, int columns) in Shapes)
            {
                var random = new Random(7);
                (PackedMatrix matrix, _) = Matrices[kind](rows, columns, random);
                using (matrix)
                {
                    foreach (InputPrecision precision in Enum.GetValues<InputPrecision>())
                    {
                        CheckRepeats(matrix, Inputs(random, 17 * columns), precision);
                    }
                }
            }
        });
    }

    [Fact]
    public void Multiply_StackSumAndProduct_AreThose()
    {
        var random = new Random(7);
        (PackedMatrix a, double[,] first) = Levels(13, 40, random, 7, 0);
        (PackedMatrix b, double[,] second) = Floats(13, 40, random, FloatKind.Single);
        (PackedMatrix c, double[,] third) = Groups(20, 13, random, 32, 15, 8, false);
        (PackedMatrix d, double[,] fourth) = Levels(13, 40, random, 127, 0);
        (PackedMatrix e, double[,] fifth) = Floats(13, 40, random, FloatKind.Half);
        using PackedMatrix stack = PackedMatrices.Stack([PackedMatrices.Sum([a, b]), e]);
        using PackedMatrix product = PackedMatrices.Product(c, d);
        float[] x = Inputs(random, 2 * 40);
        var stacked = new double[26, 40];
        var multiplied = new double[20, 40];
        for (int column = 0; column < 40; column++)
        {
            for (int row = 0; row < 13; row++)
            {
                stacked[row, column] = first[row, column] + second[row, column];
                stacked[13 + row, column] = fifth[row, column];
            }

            for (int row = 0; row < 20; row++)
            {
                multiplied[row, column] = Enumerable.Range(0, 13).Sum(k => third[row, k] * fourth[k, column]);
            }
        }

        RequireNear(stack, stacked, x, 2, InputPrecision.Word, 1e-3);
        RequireNear(product, multiplied, x, 2, InputPrecision.Word, 1e-3);
    }

    [Fact]
    public void ByteCount_LevelsThatFitNibbles_IsAboutHalfAByteEach()
    {
        (PackedMatrix matrix, _) = Levels(256, 256, new Random(8), 7, 0);
        using (matrix)
        {
            Assert.InRange(matrix.ByteCount, 256 * 256 / 2, (256 * 256 / 2) + (4 * 256));
        }
    }

    [Theory]
    [InlineData(7, 3)]
    [InlineData(15, 4)]
    [InlineData(31, 5)]
    [InlineData(63, 6)]
    public void ByteCount_LevelsOfATrellis_IsABitLessThanTheirsEach(int largest, int bits)
    {
        (PackedMatrix matrix, _) = Trellis(480, 256, new Random(8), largest, 0);
        using (matrix)
        {
            const int Parities = 4 * 256;
            Assert.Equal((480 * 256 * bits / 8) + Parities + (480 * sizeof(float)), matrix.ByteCount);
        }
    }

    [Theory]
    [InlineData(7, 4)]
    [InlineData(15, 5)]
    [InlineData(31, 6)]
    public void ByteCount_LevelsOfATrellisThatAreMultipliedFast_IsTheirs(int largest, int bits)
    {
        (PackedMatrix matrix, _) = Trellis(480, 256, new Random(8), largest, 0, asSteps: false);
        using (matrix)
        {
            Assert.Equal((480 * 256 * bits / 8) + (480 * sizeof(float)), matrix.ByteCount);
        }
    }

    private static void Check(string kind, int rows, int columns, int count)
    {
        var random = new Random((rows * 1000) + columns + count);
        (PackedMatrix matrix, double[,] values) = Matrices[kind](rows, columns, random);
        using (matrix)
        {
            var row = new float[columns];
            for (int r = 0; r < rows; r++)
            {
                matrix.ReadRow(r, row);
                for (int c = 0; c < columns; c++)
                {
                    Assert.Equal(values[r, c], row[c], 1e-5 * Math.Max(1, Math.Abs(values[r, c])));
                }
            }

            float[] x = Inputs(random, count * columns);
            RequireNear(matrix, values, x, count, InputPrecision.Byte, 1.0 / 254);
            bool isCoarse = matrix is LeafMatrix { MostPrecision: InputPrecision.Byte };
            RequireNear(matrix, values, x, count, InputPrecision.Word, isCoarse ? 1.0 / 254 : 1.0 / (254 * 254));
        }
    }

    // A number is taken to within half a step, which is the largest of its block / 127.
    private static void CheckRepeats(PackedMatrix matrix, float[] x, InputPrecision precision)
    {
        float[] alone = [.. x.Chunk(matrix.Columns).SelectMany(input => Multiply(matrix, input, 1, precision))];
        foreach (int count in new[] { 1, 2, 3, 4, 6, 7, 8, 17 })
        {
            Assert.Equal(
                alone[..(count * matrix.Rows)],
                Multiply(matrix, x[..(count * matrix.Columns)], count, precision, isRepeatable: true));
        }
    }

    private static void RequireNear(
        PackedMatrix matrix, double[,] values, float[] x, int count, InputPrecision precision, double halfStep)
    {
        float[] y = Multiply(matrix, x, count, precision);
        double largest = x.Max(Math.Abs);
        for (int i = 0; i < count; i++)
        {
            for (int row = 0; row < matrix.Rows; row++)
            {
                (double exact, double sizes) = (0, 0);
                for (int column = 0; column < matrix.Columns; column++)
                {
                    exact += values[row, column] * x[(i * matrix.Columns) + column];
                    sizes += Math.Abs(values[row, column]);
                }

                Assert.Equal(exact, y[(i * matrix.Rows) + row], (sizes * largest * 16 * (halfStep + 1e-6)) + 1e-6);
            }
        }
    }

    private static unsafe float[] Multiply(
        PackedMatrix matrix,
        float[] x,
        int count,
        InputPrecision precision,
        int threads = 1,
        bool isRepeatable = false)
    {
        using var pool = new WorkerPool(threads);
        using var products = new MatrixProducts(pool, isRepeatable);
        var y = new float[count * matrix.Rows];
        fixed (float* input = x, output = y)
        {
            products.Multiply(input, count, matrix, output, matrix.Rows, precision);
        }

        return y;
    }

    private static float[] Inputs(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)((2 * random.NextDouble()) - 1))];

    private static (PackedMatrix Matrix, double[,] Values) Levels(
        int rows, int columns, Random random, int largest, int corrections, bool isStream = false,
        int largestCorrection = 16383)
    {
        short[] levels = Some(rows * columns, random, largest, corrections, largestCorrection);
        (FactoredLevels all, double[,] values) = Scaled(rows, columns, random, levels);
        var stream = new BlockStream(all);
        return (isStream ? PackedMatrices.FromStream(stream) : PackedMatrices.FromLevels(stream), values);
    }

    private static (PackedMatrix Matrix, double[,] Values) Trellis(
        int rows, int columns, Random random, int largest, int corrections, int largestCorrection = 16380,
        bool asSteps = true)
    {
        short[] levels = Some(rows * columns, random, largest, corrections, largestCorrection);
        int[] states = new int[columns];
        for (int i = 0; i < levels.Length; i++)
        {
            ref int state = ref states[i % columns];
            state = i / columns % BlockStream.Rows == 0 ? 0 : state;
            levels[i] = (short)((levels[i] & ~1) | (state >> 5));
            state = NextState(state, levels[i]);
        }

        (FactoredLevels all, double[,] values) = Scaled(rows, columns, random, levels);
        var stream = new BlockStream(all, followsTrellis: true);
        return (asSteps ? PackedMatrices.FromStream(stream) : PackedMatrices.FromLevels(stream), values);
    }

    // The trellis of coded levels, by its states.
    private static int NextState(int state, int level) =>
        ((state << 1) & 63) ^ ((state >> 5) * 33) ^ (((level >> 1) & 1) * 20);

    private static short[] Some(int count, Random random, int largest, int corrections, int largestCorrection)
    {
        short[] levels = [.. Enumerable.Range(0, count).Select(_ => (short)random.Next(-largest, largest + 1))];
        for (int i = 0; i < corrections * (levels.Length / 300); i++)
        {
            levels[random.Next(levels.Length)] = (short)random.Next(-largestCorrection, largestCorrection + 1);
        }

        return levels;
    }

    private static (FactoredLevels All, double[,] Values) Scaled(
        int rows, int columns, Random random, short[] levels)
    {
        float[] rowFactors = [.. Enumerable.Range(0, rows).Select(_ => 0.5f + (float)random.NextDouble())];
        float[] columnFactors = [.. Enumerable.Range(0, columns).Select(_ => 0.25f + random.Next(4))];
        var values = new double[rows, columns];
        for (int i = 0; i < levels.Length; i++)
        {
            values[i / columns, i % columns] =
                (double)levels[i] * rowFactors[i / columns] * columnFactors[i % columns];
        }

        return (new FactoredLevels(levels, [.. rowFactors], [.. columnFactors]), values);
    }

    private static (PackedMatrix Matrix, double[,] Values) Groups(
        int rows, int columns, Random random, int size, int largest, int zero, bool hasMinimums)
    {
        int groups = (columns + size - 1) / size;
        var codes = new byte[rows, columns];
        var scales = new Half[rows, groups];
        var minimums = new Half[rows, groups];
        var values = new double[rows, columns];
        for (int row = 0; row < rows; row++)
        {
            for (int group = 0; group < groups; group++)
            {
                scales[row, group] = (Half)(random.NextDouble() - 0.3);
                minimums[row, group] = (Half)(hasMinimums ? random.NextDouble() - 0.5 : 0);
            }

            for (int column = 0; column < columns; column++)
            {
                codes[row, column] = (byte)random.Next(largest + 1);
                values[row, column] = ((codes[row, column] - zero) * (double)scales[row, column / size])
                    + (double)minimums[row, column / size];
            }
        }

        PackedMatrix? matrix = PackedMatrices.FromGroups(new GroupedCodes(
            rows, columns, size, largest, zero, hasMinimums, (row, code, scale, minimum) =>
            {
                for (int column = 0; column < columns; column++)
                {
                    code[column] = codes[row, column];
                }

                for (int group = 0; group < groups; group++)
                {
                    scale[group] = BitConverter.HalfToUInt16Bits(scales[row, group]);
                    if (hasMinimums)
                    {
                        minimum[group] = BitConverter.HalfToUInt16Bits(minimums[row, group]);
                    }
                }
            }));
        return (matrix!, values);
    }

    private static (PackedMatrix Matrix, double[,] Values) Floats(
        int rows, int columns, Random random, FloatKind kind)
    {
        var values = new double[rows, columns];
        var bytes = new byte[rows][];
        for (int row = 0; row < rows; row++)
        {
            using var stream = new MemoryStream();
            for (int column = 0; column < columns; column++)
            {
                var number = (float)(random.NextDouble() - 0.5);
                uint bits = BitConverter.SingleToUInt32Bits(number);
                (byte[] stored, values[row, column]) = kind switch
                {
                    FloatKind.Half => (BitConverter.GetBytes((Half)number), (double)(Half)number),
                    FloatKind.Brain => (
                        BitConverter.GetBytes((ushort)(bits >> 16)),
                        BitConverter.UInt32BitsToSingle(bits & 0xffff0000)),
                    _ => (BitConverter.GetBytes(number), number),
                };
                stream.Write(stored);
            }

            bytes[row] = stream.ToArray();
        }

        return (PackedMatrices.FromFloats(kind, rows, columns, (row, target) => bytes[row].CopyTo(target)), values);
    }

    private static void With(InstructionSet set, Action action) => With(set, () =>
    {
        action();
        return 0;
    });

    private static T With<T>(InstructionSet set, Func<T> action)
    {
        InstructionSet before = InstructionSets.Chosen;
        InstructionSets.Chosen = set;
        try
        {
            return action();
        }
        finally
        {
            InstructionSets.Chosen = before;
        }
    }
}
