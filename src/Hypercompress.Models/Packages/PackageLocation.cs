namespace Hypercompress.Models.Packages;

/// <summary>Where a model is.</summary>
/// <param name="Model">Full path of the folder or file.</param>
/// <param name="Config">Path of the file that the configuration came from.</param>
internal sealed record PackageLocation(string Model, string Config);
