using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.EntropyCoding;
using Hypercompress.NumberFormats.EntropyCoding.Streams;
using Hypercompress.NumberFormats.EntropyCoding.Training;
using Hypercompress.TestKit;
using static TorchSharp.torch;

namespace Hypercompress.Tests.NumberFormats.EntropyCoding.Training;

public sealed class LevelTrainingTests
{
    private const int Rows = 96;
    private const int Columns = 80;

    [Theory]
    [InlineData("es1.5")]
    [InlineData("es2.5")]
    [InlineData("es4")]
    [InlineData("et1.5")]
    [InlineData("et2.5")]
    [InlineData("et4")]
    [NoTensorLeaks]
    public void Step_TowardsAnotherMatrix_ComesNearerInTheSameBytes(string name)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        Tensor start = randn(Rows, Columns, generator: generator);
        Tensor wanted = start + (0.5 * randn(Rows, Columns, generator: generator));
        using StoredValues values = Encode(start, name);
        double before = Error(values.Value(), wanted);

        using (CodeTraining training = values.TrainCodes()!)
        {
            Train(training, wanted, steps: 60);
            training.Close();
            Assert.True(Error(training.Value(), wanted) < before);
        }

        Assert.True(Error(values.Value(), wanted) < before);
        Assert.Equal(values.Format.StoredBytes(Rows, Columns), Assert.Single(values.Store("block")).Value.numel());
        using StoredValues read = Read(values);
        Assert.True(Error(read.Value(), values.Value()) == 0);
    }

    [Theory]
    [InlineData("es2.5")]
    [InlineData("et2.5")]
    [NoTensorLeaks]
    public void TrainCodes_WithoutSteps_KeepsValuesThatFit(string name)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(2);
        using StoredValues values = Encode(randn(Rows, Columns, generator: generator), name);
        Tensor before = values.Value().clone();

        values.TrainCodes()!.Dispose();

        // A few levels at a threshold of the price may change; scales stay.
        Assert.InRange((values.Value() - before).ne(0).to(ScalarType.Float32).mean().item<float>(), 0, 0.02f);
    }

    [Theory]
    [InlineData("es3")]
    [InlineData("et3")]
    public void Restore_AfterSteps_GivesTheSavedValuesBack(string name)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        Tensor start = randn(Rows, Columns, generator: generator);
        using StoredValues values = Encode(start, name);
        using CodeTraining training = values.TrainCodes()!;
        training.Save();
        Tensor saved = training.Value().clone();
        Train(training, -start, steps: 20);
        Assert.False(training.Value().equal(saved).all().item<bool>());

        training.Restore();

        Assert.True(training.Value().equal(saved).all().item<bool>());
    }

    [Theory]
    [InlineData("es3")]
    [InlineData("et3")]
    public void Close_ThenStep_MovesScalesOnly(string name)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        Tensor start = randn(Rows, Columns, generator: generator);
        using StoredValues values = Encode(start, name);
        using CodeTraining training = values.TrainCodes()!;
        training.Close();
        Tensor before = training.Value().clone();

        Train(training, start * 1.3, steps: 100);

        // Every value is the same multiple of a row's and a column's factor; zeros stay zeros.
        Assert.True(training.Value().eq(0).equal(before.eq(0)).all().item<bool>());
        Assert.True(Error(training.Value(), start * 1.3) < Error(before, start * 1.3));
    }

    [Fact]
    public void TrainCodes_OfATrellis_IsNull()
    {
        using var scope = NewDisposeScope();
        using StoredValues values = Encode(ones(Rows, Columns), "ec2");
        Assert.Null(values.TrainCodes());
    }

    // What runs on another device is the same arithmetic by tensor operations.
    [Theory]
    [InlineData(13, 21)]
    [InlineData(64, 64)]
    public void KernelMove_IsWhatTensorOperationsDo(int rows, int columns)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(6);
        Tensor Random() => randn(rows, columns, generator: generator);
        var state = new LevelState(Random() * 2, Random(), Random().square(), Random(), Random());
        var parts = new ScaleParts(new sbyte[rows], new sbyte[columns], Spread(rows), Spread(columns));
        MatrixScales scales = MatrixScales.WithClasses(parts, 0.5f);
        using var classes = new LevelClasses(scales, CPU);
        Tensor levels = state.Latents.round();
        using var slopes = new LevelSlopes(
            LevelModel.Of(classes.Count(levels, 12, LevelCode.Scalar), LevelCode.Scalar),
            LevelCode.Scalar,
            scales.Classes,
            12,
            CPU);
        float[] rowFactors = [.. Enumerable.Range(1, rows).Select(i => i / 7f)];
        float[] columnFactors = [.. Enumerable.Range(1, columns).Select(i => i / 5f)];
        var grid = new LevelGrid(rowFactors, columnFactors, scales, slopes.Values, slopes.Largest, 0.1f);
        Tensor perLevel = state.Gradient * tensor(rowFactors).unsqueeze(1) * tensor(columnFactors);
        Tensor pressed = perLevel + (0.3 * slopes.At(state.Latents.floor(), classes.Of(0, rows)));
        Tensor first = (state.First * 0.9) + (pressed * 0.1);
        Tensor second = (state.Second * 0.99) + (pressed.square() * 0.01);
        LevelStep step = LevelStep.Of(3, 0.02, 0.3);
        Tensor moved = state.Latents - (first * step.Rate / (second.sqrt() + step.Epsilon));
        Tensor share = state.Gradient * state.Value;
        (Tensor ofRows, Tensor ofColumns) = (share.sum(dim: 1), share.sum(dim: 0));

        LevelSums sums = LevelKernel.Move(state, grid, step);

        Assert.True(state.Latents.allclose(moved, 1e-4, 1e-5));
        Assert.True(state.First.allclose(first, 1e-4, 1e-5));
        Assert.True(state.Second.allclose(second, 1e-4, 1e-5));
        Assert.True(tensor(sums.OfRows).allclose(ofRows, 1e-4, 1e-4));
        Assert.True(tensor(sums.OfColumns).allclose(ofColumns, 1e-4, 1e-4));
        Assert.Equal(perLevel.square().sum().item<float>(), sums.Squares, 1e-4 * sums.Squares);
        Tensor values = empty_like(moved);
        LevelKernel.Round(state.Latents, values, grid);
        Tensor below = state.Latents.floor();
        Tensor above = (state.Latents - below).gt((slopes.At(below, classes.Of(0, rows)) * 0.05) + 0.5);
        Tensor rounded = (below + above) * tensor(rowFactors).unsqueeze(1) * tensor(columnFactors);
        Assert.True(values.allclose(rounded, 1e-5, 1e-6));
    }

    // As when a run is stopped: another training goes on from what the first had kept.
    [Theory]
    [InlineData("es2")]
    [InlineData("et2")]
    public void GoOn_FromAState_GivesTheSameBytes(string name)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);
        Tensor start = randn(Rows, Columns, generator: generator);
        using StoredValues first = Encode(start, name);
        using StoredValues second = Encode(start, name);
        using (CodeTraining training = first.TrainCodes()!)
        {
            Train(training, start * 0.8, steps: 7);
            using CodeTraining other = second.TrainCodes()!;
            other.GoOn(training.State()!.ToDictionary(pair => pair.Key, pair => pair.Value.clone()));
            Train(training, start * 0.7, steps: 7);
            Train(other, start * 0.7, steps: 7);
        }

        Assert.Equal(BytesOf(first), BytesOf(second));
    }

    [Theory]
    [InlineData("es2")]
    [InlineData("et2")]
    public void Step_SameGradients_GiveTheSameBytes(string name)
    {
        byte[] Run()
        {
            using var scope = NewDisposeScope();
            using var generator = new Generator(5);
            Tensor start = randn(Rows, Columns, generator: generator);
            using StoredValues values = Encode(start, name);
            using (CodeTraining training = values.TrainCodes()!)
            {
                Train(training, start * 0.8, steps: 15);
            }

            return BytesOf(values);
        }

        Assert.Equal(Run(), Run());
    }

    private static byte[] BytesOf(StoredValues values) => Assert.Single(values.Store("block")).Value.bytes.ToArray();

    private static sbyte[] Spread(int count) => [.. Enumerable.Range(0, count).Select(i => (sbyte)((i % 17) - 8))];

    private static StoredValues Encode(Tensor values, string name) => EntropyFormat.TryParse(name)!.Encode(values);

    private static StoredValues Read(StoredValues values)
    {
        using var source = new InMemoryTensorSource([.. values.Store("block")]);
        return values.Format.Read("block", values.Rows, values.Columns, source, "file");
    }

    private static void Train(CodeTraining training, Tensor wanted, int steps) =>
        SquaredErrorSteps.Train(training, wanted, steps, new CodeStep(0.02, 0.002));

    private static double Error(Tensor values, Tensor wanted) => SquaredErrorSteps.Error(values, wanted);
}
