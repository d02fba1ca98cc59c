using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.EntropyCoding;
using Hypercompress.NumberFormats.EntropyCoding.Streams;
using Hypercompress.NumberFormats.EntropyCoding.Training;
using Hypercompress.TestKit;
using static TorchSharp.torch;

namespace Hypercompress.Tests.NumberFormats.EntropyCoding.Training;

public sealed class ScaleTrainingTests
{
    private const int Rows = 512;
    private const int Columns = 384;

    [Theory]
    [InlineData(2)]
    [InlineData(9)]
    [NoTensorLeaks]
    public void Step_TowardsOtherScales_ComesNearerInTheSameBytes(double size)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        Tensor levels = (size * randn(Rows, Columns, generator: generator)).round().to(ScalarType.Int16);
        var parts = new ScaleParts(
            Spread(Rows), Spread(Columns), new sbyte[Rows], new sbyte[Columns], ScaleParts.MostFineBits);
        var start = new CodedLevels(
            MatrixScales.WithClasses(parts, 0.5f), LevelCode.Scalar, levels.data<short>().ToArray());
        Tensor other = (0.1 * randn(Rows, 1, generator: generator)).exp()
            * (0.1 * randn(1, Columns, generator: generator)).exp();
        Tensor wanted = ValuesOf(start) * other;
        const int Budget = Rows * Columns;
        byte[] stored = [];

        using (var training = new ScaleTraining(start, Budget, CPU, bytes => stored = bytes))
        {
            Train(training, wanted, steps: 60);
            Assert.False(training.MovesCodes);
        }

        CodedLevels read = CodedMatrix.Read(stored, Rows, Columns);
        Assert.InRange(stored.Length, 1, Budget);
        Assert.Equal(start.Levels, read.Levels);
        Tensor trained = CodedMatrix.ReadValues(stored, Rows, Columns);
        Assert.Equal(ValuesOf(read), trained);
        Assert.True(Error(trained, wanted) < 0.1 * Error(ValuesOf(start), wanted));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(400)]
    public void Multiply_IsTheProductWithTheValues_AndPassesTheirGradients(double size)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(6);
        Tensor levels = (size * randn(Rows, Columns, generator: generator)).round().to(ScalarType.Int16);
        var parts = new ScaleParts(Spread(Rows), Spread(Columns), new sbyte[Rows], new sbyte[Columns], 2);
        var start = new CodedLevels(
            MatrixScales.WithClasses(parts, 0.01f), LevelCode.Scalar, levels.data<short>().ToArray());
        using var training = new ScaleTraining(start, Rows * Columns, CPU, _ => { });
        Tensor x = randn(7, Columns, generator: generator);
        Tensor transposed = randn(7, Rows, generator: generator);
        Tensor ids = tensor(new long[,] { { 5, 0, 5 } });

        RequireSame(training, () => x.matmul(training.Value().t()), () => training.Multiply(x));
        RequireSame(training, () => transposed.matmul(training.Value()), () => training.MultiplyTransposed(transposed));
        RequireSame(training, () => training.Value()[ids], () => training.Gather(ids));
    }

    [Theory]
    [InlineData(0, 0.002)]
    [InlineData(0.4, 0.002)]
    [InlineData(1.6, 0.004)]
    [InlineData(100, 0.006)]
    public void DefaultRates_GrowWithTheDivergenceAtTheStart(double divergence, double rate)
    {
        using StoredValues values = EntropyFormat.TryParse("ef2")!.Encode(Matrices().Start);
        using CodeTraining training = values.TrainCodes()!;

        Assert.Equal(new CodeStep(0, rate), training.DefaultRates(divergence));
    }

    [Fact]
    public void Dispose_WhereScalesTakeTooManyBytes_MovesThemBack()
    {
        using var scope = NewDisposeScope();
        (Tensor start, Tensor wanted) = Matrices();

        // All rows begin with one scale, which takes next to nothing.
        using StoredValues values = EntropyFormat.TryParse("ef2")!.Encode(start);
        using (CodeTraining training = values.TrainCodes()!)
        {
            Train(training, wanted, steps: 40);
        }

        Assert.Equal(values.Format.StoredBytes(Rows, Columns), Assert.Single(values.Store("block")).Value.numel());
    }

    [Fact]
    public void TrainCodes_WithoutASteps_ChangesNothing()
    {
        using var scope = NewDisposeScope();
        using StoredValues values = Encode(Matrices().Start, "ef2");
        Tensor before = values.Value().clone();

        values.TrainCodes()!.Dispose();

        Assert.True(values.Value().equal(before).all().item<bool>());
    }

    [Fact]
    public void Restore_AfterSteps_GivesTheSavedValuesBack()
    {
        using var scope = NewDisposeScope();
        (Tensor start, Tensor wanted) = Matrices();
        using StoredValues values = Encode(start, "ef3");
        using CodeTraining training = values.TrainCodes()!;
        training.Save();
        Tensor saved = training.Value().clone();
        Train(training, wanted, steps: 20);
        Assert.False(training.Value().equal(saved).all().item<bool>());

        training.Restore();

        Assert.True(training.Value().equal(saved).all().item<bool>());
    }

    [Fact]
    public void GoOn_FromAState_GivesTheBytesOfARunThatWasNotStopped()
    {
        byte[] Run(bool stops)
        {
            using var scope = NewDisposeScope();
            (Tensor start, Tensor wanted) = Matrices();
            using StoredValues values = Encode(start, "ef2");
            CodeTraining first = values.TrainCodes()!;
            Train(first, wanted, steps: 10);
            if (!stops)
            {
                Train(first, wanted, steps: 10);
                first.Dispose();
                return Bytes(values);
            }

            using StoredValues again = Encode(start, "ef2");
            using (CodeTraining second = again.TrainCodes()!)
            {
                second.GoOn(first.State()!);
                Train(second, wanted, steps: 10);
            }

            first.Dispose();
            return Bytes(again);
        }

        Assert.Equal(Run(stops: false), Run(stops: true));
    }

    [Fact]
    public void Format_OfWhatTrains_HasTheBytesOfOneThatDoesNot()
    {
        foreach (string name in new[] { "ef2.75", "et2.75", "es2.75" })
        {
            Assert.Equal(name, EntropyFormat.TryParse(name)!.Name);
            Assert.Equal(
                EntropyFormat.TryParse("ec2.75")!.StoredBytes(Rows, Columns),
                EntropyFormat.TryParse(name)!.StoredBytes(Rows, Columns));
        }
    }

    // The second is the first with other factors of columns.
    private static Tensor ValuesOf(CodedLevels levels) =>
        tensor(levels.Levels).view(Rows, Columns).to(ScalarType.Float32)
        * tensor(levels.Scales.RowFactors.ToArray()).unsqueeze(1)
        * tensor(levels.Scales.ColumnFactors.ToArray());

    private static void RequireSame(CodeTraining training, Func<Tensor> wanted, Func<Tensor> found)
    {
        Tensor[] expected = Gradients(training, wanted());
        Tensor[] actual = Gradients(training, found());
        Assert.All(expected.Zip(actual), pair => Assert.True(
            pair.First.allclose(pair.Second, rtol: 1e-3, atol: 1e-3 * pair.First.abs().max().item<float>())));
    }

    // The product, and the gradients of half its square.
    private static Tensor[] Gradients(CodeTraining training, Tensor product)
    {
        foreach (Tensor leaf in training.Leaves)
        {
            leaf.grad?.zero_();
        }

        (product.square().sum() / 2).backward();
        return [product.detach(), .. training.Leaves.Select(leaf => leaf.grad!.clone())];
    }

    private static (Tensor Start, Tensor Wanted) Matrices()
    {
        using var generator = new Generator(1);
        Tensor start = randn(Rows, Columns, generator: generator);
        Tensor columns = (0.1 * randn(1, Columns, generator: generator)).exp();
        return (start, start * columns);
    }

    private static byte[] Bytes(StoredValues values) => Assert.Single(values.Store("block")).Value.bytes.ToArray();

    // Columns of different weight have different scales, as in a model: other ones then take no more bytes.
    private static StoredValues Encode(Tensor values, string name)
    {
        using var generator = new Generator(2);
        Tensor weights = randn(values.shape[1], generator: generator).exp();
        return EntropyFormat.TryParse(name)!.Encode(values, weights);
    }

    private static sbyte[] Spread(int count) => [.. Enumerable.Range(0, count).Select(i => (sbyte)((i % 41) - 20))];

    private static void Train(CodeTraining training, Tensor wanted, int steps) =>
        SquaredErrorSteps.Train(training, wanted, steps, new CodeStep(0, 0.005));

    private static double Error(Tensor values, Tensor wanted) => SquaredErrorSteps.Error(values, wanted);
}
