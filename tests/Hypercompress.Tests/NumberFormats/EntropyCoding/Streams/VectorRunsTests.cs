using Hypercompress.NumberFormats.EntropyCoding.Streams;

namespace Hypercompress.Tests.NumberFormats.EntropyCoding.Streams;

public sealed class VectorRunsTests
{
    public static TheoryData<int, int, int, int, string> Shapes()
    {
        var shapes = new TheoryData<int, int, int, int, string>();
        foreach (string code in Enum.GetNames<LevelCode>())
        {
            shapes.Add(50, 64, 2, 32, code);
            shapes.Add(101, 77, 3, 32, code);
            shapes.Add(2048, 33, 1, 32, code);
            shapes.Add(64, 50, 12, 16, code);
            shapes.Add(300, 9, 2, 8, code);
        }

        return shapes;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Decode_GivesTheLevelsThatWereEncoded(int rows, int columns, int spread, int lanes, string name)
    {
        (MatrixScales scales, LevelCode code, short[] levels) = Make(rows, columns, spread, name);
        LevelModel model = LevelModel.Of(new CodedMatrix(scales, code, levels).Count(), code);
        Assert.SkipUnless(VectorRuns.Fits(model, lanes), "needs AVX2 and levels without raw low bits");
        var runs = new LevelRuns(scales, model, code, lanes);
        byte[] run = runs.Encode(levels, 0, rows);
        var byVector = new short[levels.Length];
        new VectorRuns(scales, model, code, lanes).Decode(run, 0, rows, byVector);
        var byLane = new short[levels.Length];
        runs.DecodeByLane(run, 0, rows, byLane);
        Assert.Equal(byLane, byVector);
        for (int i = 0; i < levels.Length; i++)
        {
            Assert.Equal(levels[i], byVector[(i % rows * columns) + (i / rows)]);
        }
    }

    [Fact]
    public void Decode_RunThatEndsTooEarly_Throws()
    {
        (MatrixScales scales, LevelCode code, short[] levels) = Make(64, 64, 3, nameof(LevelCode.Scalar));
        LevelModel model = LevelModel.Of(new CodedMatrix(scales, code, levels).Count(), code);
        Assert.SkipUnless(VectorRuns.Fits(model, 32), "needs AVX2 and levels without raw low bits");
        byte[] run = new LevelRuns(scales, model, code, 32).Encode(levels, 0, 64);
        var runs = new VectorRuns(scales, model, code, 32);
        Assert.Throws<FormatException>(() => runs.Decode(run.AsSpan(0, run.Length / 2), 0, 64, new short[64 * 64]));
        Assert.Throws<FormatException>(() => runs.Decode(run.AsSpan(0, 20), 0, 64, new short[64 * 64]));
    }

    private static (MatrixScales Scales, LevelCode Code, short[] Levels) Make(
        int rows, int columns, int spread, string name)
    {
        LevelCode code = Enum.Parse<LevelCode>(name);
        var random = new Random(rows + columns);
        sbyte[] Some(int count) => [.. Enumerable.Range(0, count).Select(_ => (sbyte)random.Next(-8, 8))];
        var parts = new ScaleParts(Some(rows), Some(columns), Some(rows), Some(columns), 0);
        var levels = new short[rows * columns];
        for (int column = 0; column < columns; column++)
        {
            int state = TrellisCode.Start;
            for (int row = 0; row < rows; row++)
            {
                int largest = random.Next(1000) == 0 ? LevelModel.Largest : spread;
                int level = random.Next(-largest, largest + 1);
                level = code == LevelCode.Trellis && (level & 1) != TrellisCode.Parity(state)
                    ? level + (level < largest ? 1 : -1)
                    : level;
                levels[(column * rows) + row] = (short)level;
                state = code == LevelCode.Trellis ? TrellisCode.Next(state, level) : state;
            }
        }

        return (MatrixScales.WithClasses(parts, 0.25f), code, levels);
    }
}
