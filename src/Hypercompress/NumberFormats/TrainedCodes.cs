namespace Hypercompress.NumberFormats;

/// <summary>What is to train of a matrix that is stored as codes.</summary>
public enum TrainedCodes
{
    /// <summary>The scales of rows and columns, at codes that stay.</summary>
    Scales,

    /// <summary>The codes themselves, and their scales.</summary>
    Levels,
}
