namespace Hypercompress.Reporting;

/// <summary>Parameters and error of the weight matrices after structural factorization.</summary>
/// <param name="DenseParameters">Parameters of all matrices while they were dense.</param>
/// <param name="StoredParameters">Parameters of them that are stored now.</param>
/// <param name="Ratio">Dense / stored parameters.</param>
/// <param name="Error">Sum of the measured J of all sites, nats per token.</param>
public sealed record StructureReport(long DenseParameters, long StoredParameters, double Ratio, double Error);
