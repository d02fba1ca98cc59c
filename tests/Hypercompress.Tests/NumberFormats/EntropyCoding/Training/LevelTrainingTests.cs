using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.EntropyCoding;
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
            Assert.True(Error(training.Value, wanted) < before);
        }

        Assert.True(Error(values.Value(), wanted) < before);
        Assert.Equal(values.Format.StoredBytes(Rows, Columns), Assert.Single(values.Store("block")).Value.numel());
        using StoredValues read = Read(values);
        Assert.True(Error(read.Value(), values.Value()) == 0);
    }

    [Fact]
    [NoTensorLeaks]
    public void TrainCodes_WithoutASteps_KeepsValuesThatFit()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(2);
        using StoredValues values = Encode(randn(Rows, Columns, generator: generator), "es2.5");
        Tensor before = values.Value().clone();

        values.TrainCodes()!.Dispose();

        // A few levels at a threshold of the price may change; scales stay.
        Assert.InRange((values.Value() - before).ne(0).to(ScalarType.Float32).mean().item<float>(), 0, 0.02f);
    }

    [Fact]
    public void Restore_AfterSteps_GivesTheSavedValuesBack()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        Tensor start = randn(Rows, Columns, generator: generator);
        using StoredValues values = Encode(start, "es3");
        using CodeTraining training = values.TrainCodes()!;
        training.Save();
        Tensor saved = training.Value.clone();
        Train(training, -start, steps: 20);
        Assert.False(training.Value.equal(saved).all().item<bool>());

        training.Restore();

        Assert.True(training.Value.equal(saved).all().item<bool>());
    }

    [Fact]
    public void Close_ThenStep_MovesScalesOnly()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        Tensor start = randn(Rows, Columns, generator: generator);
        using StoredValues values = Encode(start, "es3");
        using CodeTraining training = values.TrainCodes()!;
        training.Close();
        Tensor before = training.Value.clone();

        Train(training, start * 1.3, steps: 100);

        // Every value is the same multiple of a row's and a column's factor; zeros stay zeros.
        Assert.True(training.Value.eq(0).equal(before.eq(0)).all().item<bool>());
        Assert.True(Error(training.Value, start * 1.3) < Error(before, start * 1.3));
    }

    [Fact]
    public void TrainCodes_OfATrellis_IsNull()
    {
        using var scope = NewDisposeScope();
        using StoredValues values = Encode(ones(Rows, Columns), "ec2");
        Assert.Null(values.TrainCodes());
    }

    [Fact]
    public void Step_SameGradients_GiveTheSameBytes()
    {
        byte[] Run()
        {
            using var scope = NewDisposeScope();
            using var generator = new Generator(5);
            Tensor start = randn(Rows, Columns, generator: generator);
            using StoredValues values = Encode(start, "es2");
            using (CodeTraining training = values.TrainCodes()!)
            {
                Train(training, start * 0.8, steps: 15);
            }

            return Assert.Single(values.Store("block")).Value.bytes.ToArray();
        }

        Assert.Equal(Run(), Run());
    }

    private static StoredValues Encode(Tensor values, string name) => EntropyFormat.TryParse(name)!.Encode(values);

    private static StoredValues Read(StoredValues values)
    {
        using var source = new InMemoryTensorSource([.. values.Store("block")]);
        return values.Format.Read("block", values.Rows, values.Columns, source, "file");
    }

    // Half the squared error, by its own gradient.
    private static void Train(CodeTraining training, Tensor wanted, int steps)
    {
        for (int step = 1; step <= steps; step++)
        {
            using var scope = NewDisposeScope();
            training.Value.grad?.zero_();
            ((training.Value - wanted).square().sum() / 2).backward();
            training.Step(new CodeStep(0.02, 0.002));
            if (step % 10 == 0)
            {
                training.Recount();
            }
        }
    }

    private static double Error(Tensor values, Tensor wanted)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return (values - wanted).square().mean().item<float>();
    }
}
