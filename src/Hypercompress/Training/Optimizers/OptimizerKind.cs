namespace Hypercompress.Training.Optimizers;

/// <summary>How parameters are moved against their gradients.</summary>
public enum OptimizerKind
{
    /// <summary>AdamW: two numbers more for every value.</summary>
    Adam,

    /// <summary>Adafactor: two numbers more for every row and every column.</summary>
    Adafactor,
}
