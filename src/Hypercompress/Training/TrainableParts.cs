namespace Hypercompress.Training;

/// <summary>Which parameters a training run changes.</summary>
public enum TrainableParts
{
    /// <summary>Everything that the matrices' forms allow.</summary>
    All,

    /// <summary>
    /// Norms, biases, and the scales of matrices that are stored as codes. Far fewer values, so that little text is
    /// enough.
    /// </summary>
    Scales,
}
