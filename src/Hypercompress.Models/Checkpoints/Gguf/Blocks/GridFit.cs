namespace Hypercompress.Models.Checkpoints.Gguf.Blocks;

/// <summary>
/// Finds the grid on which rounding a few values costs the least squared error: several spacings near the obvious one
/// are tried, and for the codes of each the best spacing is solved for (least squares); the best of all is kept.
/// </summary>
internal static class GridFit
{
    private const int Steps = 21;
    private const float StepWidth = 0.1f;
    private const int Refinements = 3;
    private const float Vanishing = 1e-30f;

    /// <summary>Spacing of a grid of the codes −levels … levels − 1; negative where that fits better.</summary>
    /// <param name="values">At least one.</param>
    /// <param name="levels">Half the number of codes.</param>
    /// <returns>The spacing; 0 when all values are 0.</returns>
    public static float Symmetric(ReadOnlySpan<float> values, int levels)
    {
        float peak = Peak(values);
        if (MathF.Abs(peak) < Vanishing)
        {
            return 0;
        }

        (float best, float spacing) = (0, 0);
        for (int step = 0; step < Steps; step++)
        {
            float inverse = -(levels + (StepWidth * (step - (Steps / 2)))) / peak;
            (float products, float squares) = (0, 0);
            foreach (float value in values)
            {
                int code = Code(value * inverse, -levels, levels - 1);
                products += value * code;
                squares += (float)code * code;
            }

            // What is left of the squares of the values is least where this is most.
            if (squares > 0 && products * products > best * squares)
            {
                (best, spacing) = (products * products / squares, products / squares);
            }
        }

        return spacing;
    }

    /// <summary>
    /// Spacing and depth of a grid spacing · code − depth of the codes 0 … levels; neither is negative.
    /// </summary>
    /// <param name="values">At least one.</param>
    /// <param name="levels">The largest code.</param>
    /// <returns>Spacing and depth.</returns>
    public static (float Spacing, float Depth) Affine(ReadOnlySpan<float> values, int levels)
    {
        (float low, float high) = Range(values);
        if (high - low < Vanishing)
        {
            return (0, -low);
        }

        (float Spacing, float Start, float Error) best = (0, 0, float.PositiveInfinity);
        for (int step = 0; step < Steps; step++)
        {
            float inverse = (levels + (StepWidth * (step - (Steps / 2)))) / (high - low);
            var fit = Solve(values, low, inverse, levels);
            best = fit.Error < best.Error ? fit : best;
        }

        for (int round = 0; round < Refinements && best.Spacing > 0; round++)
        {
            var fit = Solve(values, best.Start, 1 / best.Spacing, levels);
            best = fit.Error < best.Error ? fit : best;
        }

        return (best.Spacing, -best.Start);
    }

    /// <summary>The code next to a number of spacings.</summary>
    /// <param name="spacings">The number.</param>
    /// <param name="least">The least code.</param>
    /// <param name="most">The largest code.</param>
    /// <returns>Half way between two codes the even one.</returns>
    public static int Code(float spacings, int least, int most) => (int)MathF.Round(Math.Clamp(spacings, least, most));

    private static (float Spacing, float Start, float Error) Solve(
        ReadOnlySpan<float> values, float low, float inverse, int levels)
    {
        (float codes, float codeSquares, float sum, float products, float squares) = (0, 0, 0, 0, 0);
        foreach (float value in values)
        {
            int code = Code((value - low) * inverse, 0, levels);
            codes += code;
            codeSquares += (float)code * code;
            sum += value;
            products += value * code;
            squares += value * value;
        }

        float determinant = (values.Length * codeSquares) - (codes * codes);
        float spacing = determinant > 0 ? ((values.Length * products) - (sum * codes)) / determinant : 0;
        float start = determinant > 0 ? ((codeSquares * sum) - (codes * products)) / determinant : low;
        if (start > 0)
        {
            (spacing, start) = (codeSquares > 0 ? products / codeSquares : 0, 0);
        }

        float error = squares - (2 * spacing * products) - (2 * start * sum) + (spacing * spacing * codeSquares)
            + (2 * spacing * start * codes) + (values.Length * start * start);
        return (spacing, start, spacing < 0 ? float.PositiveInfinity : error);
    }

    private static float Peak(ReadOnlySpan<float> values)
    {
        float peak = 0;
        foreach (float value in values)
        {
            peak = MathF.Abs(value) > MathF.Abs(peak) ? value : peak;
        }

        return peak;
    }

    // Zero is always inside: the grid starts at or below it.
    private static (float Low, float High) Range(ReadOnlySpan<float> values)
    {
        (float low, float high) = (0, values[0]);
        foreach (float value in values)
        {
            low = MathF.Min(low, value);
            high = MathF.Max(high, value);
        }

        return (low, high);
    }
}
