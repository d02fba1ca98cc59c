using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Hypercompress.NumberFormats.EntropyCoding.Training;

/// <summary>
/// The arithmetic of a training step over a matrix in CPU memory, in two passes: gradients into latents and into the
/// sums that scales need, then latents into values. One pass reads and writes every number once, where tensor
/// operations would take some thirty.
/// </summary>
internal static class LevelKernel
{
    // Sums are added in this order, so that results do not depend on the number of threads.
    private const int Ranges = 8;

    /// <summary>Moves latents against the gradient, by Adam.</summary>
    /// <param name="state">The tensors, all float32 [rows, columns] in CPU memory.</param>
    /// <param name="grid">Scales and prices.</param>
    /// <param name="step">Learning rate and corrections.</param>
    /// <returns>Sums of gradient · value, and of squared gradients per level.</returns>
    internal static LevelSums Move(LevelState state, LevelGrid grid, LevelStep step)
    {
        (int rows, int columns) = ((int)state.Latents.shape[0], (int)state.Latents.shape[1]);
        var ofRows = new float[rows];
        var ofColumns = new float[Ranges][];
        var squares = new double[Ranges];
        ForRanges(rows, (range, first, count) =>
        {
            using var scope = NewDisposeScope();
            ofColumns[range] = new float[columns];
            LevelState part = state.Rows(first, count);
            for (int row = 0; row < count; row++)
            {
                int place = row * columns;
                int[] classes = grid.ClassOffsets(first + row);
                var line = new LevelLine(
                    Values(part.Latents).Slice(place, columns),
                    Values(part.First).Slice(place, columns),
                    Values(part.Second).Slice(place, columns),
                    Values(part.Gradient).Slice(place, columns),
                    Values(part.Value).Slice(place, columns));
                (ofRows[first + row], double square) =
                    MoveRow(line, grid.RowFactors[first + row], grid, classes, step, ofColumns[range]);
                squares[range] += square;
            }
        });
        var summed = new float[columns];
        foreach (float[]? sums in ofColumns)
        {
            for (int i = 0; sums is not null && i < columns; i++)
            {
                summed[i] += sums[i];
            }
        }

        return new LevelSums(ofRows, summed, squares.Sum());
    }

    /// <summary>Rounds latents to levels and writes the values of these.</summary>
    /// <param name="latents">float32 [rows, columns] in CPU memory.</param>
    /// <param name="values">Receives the values; as <paramref name="latents"/>.</param>
    /// <param name="grid">Scales and prices.</param>
    internal static void Round(Tensor latents, Tensor values, LevelGrid grid)
    {
        (int rows, int columns) = ((int)latents.shape[0], (int)latents.shape[1]);
        ForRanges(rows, (_, first, count) =>
        {
            using var scope = NewDisposeScope();
            ReadOnlySpan<float> read = Values(latents.narrow(0, first, count));
            Span<float> written = Values(values.narrow(0, first, count));
            for (int row = 0; row < count; row++)
            {
                int place = row * columns;
                float factor = grid.RowFactors[first + row];
                int[] classes = grid.ClassOffsets(first + row);
                RoundRow(read.Slice(place, columns), written.Slice(place, columns), factor, grid, classes);
            }
        });
    }

    private static void ForRanges(int rows, Action<int, int, int> run)
    {
        int most = (rows + Ranges - 1) / Ranges;
        var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, get_num_threads()) };
        Parallel.For(0, Ranges, options, range =>
        {
            int first = range * most;
            int count = Math.Min(most, rows - first);
            if (count > 0)
            {
                using var noGrad = no_grad();
                run(range, first, count);
            }
        });
    }

    private static (float Sum, double Square) MoveRow(
        LevelLine line, float rowFactor, LevelGrid grid, int[] classes, LevelStep step, float[] ofColumns)
    {
        int width = Vector256<float>.Count;
        int columns = line.Latents.Length;
        int wide = columns - (columns % width);
        (Vector256<float> sum, Vector256<float> square) = (Vector256<float>.Zero, Vector256<float>.Zero);
        for (int i = 0; i < wide; i += width)
        {
            Vector256<float> gradient = Load(line.Gradient, i);
            Vector256<float> share = gradient * Load(line.Value, i);
            sum += share;
            Store(ofColumns, i, Load(ofColumns, i) + share);
            gradient *= Load(grid.ColumnFactors, i) * Vector256.Create(rowFactor);
            square += gradient * gradient;
            Vector256<float> latent = Load(line.Latents, i);
            if (step.Pressure != 0)
            {
                gradient += Slopes(Vector256.Floor(latent), grid, classes, i) * Vector256.Create(step.Pressure);
            }

            Vector256<float> first = (Load(line.First, i) * step.FirstDecay) + (gradient * (1 - step.FirstDecay));
            Vector256<float> second =
                (Load(line.Second, i) * step.SecondDecay) + (gradient * gradient * (1 - step.SecondDecay));
            Store(line.First, i, first);
            Store(line.Second, i, second);
            Vector256<float> size = Vector256.Sqrt(second) + Vector256.Create(step.Epsilon);
            Store(line.Latents, i, latent - (first * step.Rate / size));
        }

        float rest = Vector256.Sum(sum);
        double restSquare = Vector256.Sum(square);
        for (int i = wide; i < columns; i++)
        {
            float gradient = line.Gradient[i];
            float share = gradient * line.Value[i];
            rest += share;
            ofColumns[i] += share;
            gradient *= grid.ColumnFactors[i] * rowFactor;
            restSquare += gradient * gradient;
            float latent = line.Latents[i];
            gradient += step.Pressure == 0 ? 0 : step.Pressure * grid.SlopeAt(MathF.Floor(latent), classes[i]);
            line.First[i] = (line.First[i] * step.FirstDecay) + (gradient * (1 - step.FirstDecay));
            line.Second[i] = (line.Second[i] * step.SecondDecay) + (gradient * gradient * (1 - step.SecondDecay));
            line.Latents[i] = latent - (line.First[i] * step.Rate / (MathF.Sqrt(line.Second[i]) + step.Epsilon));
        }

        return (rest, restSquare);
    }

    private static void RoundRow(
        ReadOnlySpan<float> latents, Span<float> values, float rowFactor, LevelGrid grid, int[] classes)
    {
        int width = Vector256<float>.Count;
        int wide = latents.Length - (latents.Length % width);
        var half = Vector256.Create(0.5f);
        var price = Vector256.Create(grid.Price / 2);
        for (int i = 0; i < wide; i += width)
        {
            Vector256<float> latent = Load(latents, i);
            Vector256<float> below = Vector256.Floor(latent);
            Vector256<float> threshold = half + (Slopes(below, grid, classes, i) * price);
            Vector256<float> above = Vector256.ConditionalSelect(
                Vector256.GreaterThan(latent - below, threshold), Vector256<float>.One, Vector256<float>.Zero);
            Store(values, i, (below + above) * Load(grid.ColumnFactors, i) * Vector256.Create(rowFactor));
        }

        for (int i = wide; i < latents.Length; i++)
        {
            float below = MathF.Floor(latents[i]);
            bool isAbove = latents[i] - below > 0.5f + (grid.SlopeAt(below, classes[i]) * (grid.Price / 2));
            values[i] = (below + (isAbove ? 1 : 0)) * grid.ColumnFactors[i] * rowFactor;
        }
    }

    private static Vector256<float> Slopes(Vector256<float> below, LevelGrid grid, int[] classes, int first)
    {
        Vector256<int> level = Vector256.ConvertToInt32(below) + Vector256.Create(grid.Largest);
        level = Vector256.Min(Vector256.Max(level, Vector256<int>.Zero), Vector256.Create((2 * grid.Largest) - 1));
        Vector256<int> index = level + Vector256.LoadUnsafe(ref classes[first]);
        float[] slopes = grid.Slopes;
        return Vector256.Create(
            slopes[index[0]],
            slopes[index[1]],
            slopes[index[2]],
            slopes[index[3]],
            slopes[index[4]],
            slopes[index[5]],
            slopes[index[6]],
            slopes[index[7]]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Load(ReadOnlySpan<float> values, int first) =>
        Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(values), (nuint)first);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Span<float> values, int first, Vector256<float> vector) =>
        vector.StoreUnsafe(ref MemoryMarshal.GetReference(values), (nuint)first);

    private static Span<float> Values(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}
