using Hypercompress.Training.Optimizers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Training.Optimizers;

[NoTensorLeaks]
public sealed class AdafactorTests
{
    [Fact]
    public void Step_TwoSteps_MatchTheFormula()
    {
        using var scope = NewDisposeScope();
        var matrix = new Parameter(tensor(new[,] { { 1.0f, -2.0f }, { 0.5f, 3.0f } }));
        using var optimizer = new Adafactor([matrix], decay: 0.1);
        double[,] values = { { 1, -2 }, { 0.5, 3 } };
        double[][,] gradients = [new[,] { { 0.3, -0.1 }, { 0.2, 0.4 } }, new[,] { { -0.1, 0.1 }, { 0.9, -0.2 } }];
        double[] rows = new double[2], columns = new double[2];
        for (int step = 1; step <= 2; step++)
        {
            double[,] gradient = gradients[step - 1];
            Step(optimizer, matrix, gradient);
            double kept = 1 - Math.Pow(step, -0.8);
            for (int i = 0; i < 2; i++)
            {
                rows[i] = (kept * rows[i]) + ((1 - kept) * (Square(gradient[i, 0]) + Square(gradient[i, 1])) / 2);
                columns[i] = (kept * columns[i]) + ((1 - kept) * (Square(gradient[0, i]) + Square(gradient[1, i])) / 2);
            }

            Move(values, gradient, rows, columns);
        }

        Assert.All(
            values.Cast<double>().Zip(matrix.data<float>().ToArray()),
            pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public void Remembers_RowsAndColumnsInPlaceOfValues()
    {
        using var scope = NewDisposeScope();
        using var optimizer = new Adafactor([new Parameter(ones(30, 40)), new Parameter(ones(7))], decay: 0);
        Assert.Equal(30 + 40 + 1 + 7 + 1, optimizer.Remembered);
    }

    [Fact]
    public void Step_Vector_MovesByAShareOfItsMagnitude()
    {
        using var scope = NewDisposeScope();
        var vector = new Parameter(tensor(new[] { 4.0f, -4.0f }));
        using var optimizer = new Adafactor([vector], decay: 0.5);
        (vector * tensor(new[] { 0.2f, 0.7f })).sum().backward();

        optimizer.Step(1, vectorShare: 0.01);

        Assert.Equal([3.96f, -4.04f], vector.data<float>().ToArray().Select(value => MathF.Round(value, 4)));
    }

    private static void Step(Adafactor optimizer, Parameter matrix, double[,] gradient)
    {
        using var scope = NewDisposeScope();
        optimizer.ZeroGradients();
        (matrix * tensor(gradient).to(ScalarType.Float32)).sum().backward();
        optimizer.Step(0.01);
    }

    private static void Move(double[,] values, double[,] gradient, double[] rows, double[] columns)
    {
        var update = new double[2, 2];
        double square = 0;
        for (int i = 0; i < 2; i++)
        {
            for (int j = 0; j < 2; j++)
            {
                update[i, j] = gradient[i, j] / Math.Sqrt(rows[i] * columns[j] / rows.Average());
                square += Square(update[i, j]) / 4;
            }
        }

        double scale = 0.01 / Math.Max(1, Math.Sqrt(square));
        for (int i = 0; i < 2; i++)
        {
            for (int j = 0; j < 2; j++)
            {
                values[i, j] = (values[i, j] * (1 - (0.01 * 0.1))) - (scale * update[i, j]);
            }
        }
    }

    private static double Square(double value) => value * value;
}
