namespace Hypercompress.Models.Kernels.Panels;

/// <summary>Multiplies panels of one kind by one processor's instructions.</summary>
internal interface IPanelKernel
{
    /// <summary>Multiplies 8 rows by one or several inputs.</summary>
    /// <param name="panel">The rows.</param>
    /// <param name="input">The inputs.</param>
    /// <param name="first">The first input.</param>
    /// <param name="step">From one input to the next.</param>
    /// <param name="count">How many inputs, 1 to <see cref="QuantizedInput.Tile"/>.</param>
    /// <param name="totals">Gets 8 numbers an input.</param>
    unsafe void Multiply(in Panel panel, QuantizedInput input, int first, int step, int count, float* totals);

    /// <summary>Multiplies two panels of one matrix by <see cref="QuantizedInput.Tile"/> inputs.</summary>
    /// <param name="upper">8 rows.</param>
    /// <param name="lower">8 more rows.</param>
    /// <param name="input">The inputs.</param>
    /// <param name="first">The first input; the others follow it.</param>
    /// <param name="totals">Gets 8 numbers an input for the first panel, then as many for the second.</param>
    unsafe void MultiplyPair(in Panel upper, in Panel lower, QuantizedInput input, int first, float* totals);
}
