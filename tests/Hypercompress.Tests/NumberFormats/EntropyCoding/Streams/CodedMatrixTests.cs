using Hypercompress.NumberFormats.EntropyCoding.Streams;
using Hypercompress.TestKit;
using static TorchSharp.torch;

namespace Hypercompress.Tests.NumberFormats.EntropyCoding.Streams;

public sealed class CodedMatrixTests
{
    // Written by version 0.1.0 before blocks had lanes: [24, 9] in the format ec2, without the padding.
    private const string Version1Block =
        "Aa754ToAAQEAAQAEAAAAAAABAAABAAQAAAAAAAEAAAEABAAAAAAAAQAAAQAEAAAAAAABAAYgHyUdHy83JSEfHiIfKiU3/ycl"
        + "//83KiovNzcvLy8qNyocJR0oHR0tIi0dKC3/IiAtJSgtJS3/IjX/NS0iLTgBAAAmgpJFDt+uydNQ19mPMtYeBQcgX4twXQsl"
        + "RweDIdj/vYvaYnUTUpf6gwoNxvJ2YOpbOcCtxC4ZYvJckU42hx2W9924GWSVGWzNTuSvbjBvmhvjZOoCsMBRpQ4y6vupSWze"
        + "694MC2u6/iqs6izGd5XgpNkUBHt/x1Cd1CLgbdFGvDkHIljZb03PpO4/OUBgE8Uu/NzLW9MyV3oMaN8+MJD5ud8Q2B76wSdX"
        + "J95cSRvZbgllSCFlPICGkgdEh42545WgqHJ4yUMvGasmbxo0Jdpi7HRThF10P0q/AKVHXn+t+54gwsRGYgjD1PnnwS75gF0V"
        + "FrWQqzI61UeTjbF0pWclAxUBmJ/xX42IN9KETTYC6ikPQWftlyooAtr1gG4o3EQX6mpbZmOFbW06dovIlBKMg/ThfETDP+Y=";

    public static TheoryData<int, int, int, string, int> Shapes()
    {
        var shapes = new TheoryData<int, int, int, string, int>();
        foreach (string code in Enum.GetNames<LevelCode>())
        {
            shapes.Add(1, 1, 1, code, 0);
            shapes.Add(7, 3, 5, code, 1);
            shapes.Add(300, 300, 2, code, 2);
            shapes.Add(2100, 67, 40, code, 2);
            shapes.Add(40, 900, 9000, code, 0);
        }

        return shapes;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    [NoTensorLeaks]
    public void WriteThenRead_GivesLevelsAndScalesBack(int rows, int columns, int spread, string name, int fineBits)
    {
        LevelCode code = Enum.Parse<LevelCode>(name);
        var random = new Random(rows + columns);
        sbyte[] Scales(int count) => [.. Enumerable.Range(0, count).Select(_ => (sbyte)random.Next(-127, 127))];
        sbyte[] Magnitudes(int count) => [.. Enumerable.Range(0, count).Select(_ => (sbyte)random.Next(-8, 8))];
        var parts = new ScaleParts(Scales(rows), Scales(columns), Magnitudes(rows), Magnitudes(columns), fineBits);
        MatrixScales scales = MatrixScales.WithClasses(parts, 0.25f);
        short[] levels = LevelsOf(random, rows, columns, spread, code);
        var matrix = new CodedMatrix(scales, code, levels);

        CodedLevels read = CodedMatrix.Read(matrix.Write(LevelModel.Of(matrix.Count(), code)), rows, columns);

        Assert.Equal(code, read.Code);
        Assert.Equal(scales.RowFactors, read.Scales.RowFactors);
        Assert.Equal(scales.ColumnFactors, read.Scales.ColumnFactors);
        for (int i = 0; i < levels.Length; i++)
        {
            Assert.Equal(levels[i], read.Levels[(i % rows * columns) + (i / rows)]);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Write_TakesTheBitsThatTheModelPredicts(int rows, int columns, int spread, string name, int fineBits)
    {
        LevelCode code = Enum.Parse<LevelCode>(name);
        var random = new Random(columns);
        var parts = new ScaleParts(
            new sbyte[rows], new sbyte[columns], new sbyte[rows], new sbyte[columns], fineBits);
        MatrixScales scales = MatrixScales.WithClasses(parts, 1);
        var matrix = new CodedMatrix(scales, code, LevelsOf(random, rows, columns, spread, code));
        long[][] counts = matrix.Count();
        LevelModel model = LevelModel.Of(counts, code);

        double predicted = model.MeanBits(counts) * rows * columns / 8;

        int lanes = LevelRuns.LanesFor((long)rows * columns, columns) * (1 + (rows / CodedMatrix.RunRows));
        int fine = fineBits * (rows + columns) / 8;
        double most = predicted + fine + (4 * lanes) + 300 + (0.002 * predicted);
        Assert.InRange(matrix.Write(model).Length, predicted + fine, most);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void EstimateBytes_IsNearWhatIsWritten(int rows, int columns, int spread, string name, int fineBits)
    {
        LevelCode code = Enum.Parse<LevelCode>(name);
        var random = new Random(columns);
        var parts = new ScaleParts(
            new sbyte[rows], new sbyte[columns], new sbyte[rows], new sbyte[columns], fineBits);
        MatrixScales scales = MatrixScales.WithClasses(parts, 1);
        var matrix = new CodedMatrix(scales, code, LevelsOf(random, rows, columns, spread, code));
        long[][] counts = matrix.Count();
        LevelModel model = LevelModel.Of(counts, code);

        long written = matrix.Write(model).Length;

        int lanes = LevelRuns.LanesFor((long)rows * columns, columns) * (1 + (rows / CodedMatrix.RunRows));
        Assert.InRange(matrix.EstimateBytes(model, counts) - written, (-2 * lanes) - 4, (2 * lanes) + 4);
    }

    [Fact]
    public void Read_BlockOfVersion1_GivesItsValues()
    {
        using var scope = NewDisposeScope();
        Tensor values = CodedMatrix.ReadValues(Convert.FromBase64String(Version1Block), 24, 9);

        Tensor written = tensor(
            [.. Enumerable.Range(0, 24 * 9).Select(i => (float)(Math.Sin(i * i * 0.37) * (1 + (i % 7))))]).view(24, 9);
        Assert.InRange((values - written).square().mean().item<float>(), 0, 2e-6f);
    }

    [Fact]
    public void Read_AnotherVersion_IsNamed()
    {
        FormatException error = Assert.Throws<FormatException>(() => CodedMatrix.Read(new byte[] { 3, 0, 0 }, 1, 1));
        Assert.Contains("version 3", error.Message, StringComparison.Ordinal);
    }

    // Levels of a trellis have the parity of their state.
    private static short[] LevelsOf(Random random, int rows, int columns, int spread, LevelCode code)
    {
        var levels = new short[rows * columns];
        for (int column = 0; column < columns; column++)
        {
            int state = TrellisCode.Start;
            for (int row = 0; row < rows; row++)
            {
                if (row % CodedMatrix.RunRows == 0)
                {
                    state = TrellisCode.Start;
                }

                double normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()))
                    * Math.Cos(2 * Math.PI * random.NextDouble());
                int level = int.Clamp((int)Math.Round(normal * spread), -16000, 16000);
                level += code == LevelCode.Trellis && (level & 1) != TrellisCode.Parity(state) ? 1 : 0;
                levels[(column * rows) + row] = (short)level;
                state = TrellisCode.Next(state, level);
            }
        }

        return levels;
    }
}
