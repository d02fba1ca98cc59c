namespace Hypercompress.Planning.Outlook;

/// <summary>A branch that a plan takes no offer of, and its predicted loss in the plan's place.</summary>
/// <param name="Branch">Name of the branch.</param>
/// <param name="Sites">Number of sites where it has an offer of at most the planned bytes; 0 when it has none.</param>
/// <param name="PredictedLoss">Predicted loss of its best such offers together, nats per token.</param>
/// <param name="PlannedLoss">Predicted loss of the plan at the same sites, nats per token.</param>
public sealed record BranchAlternative(string Branch, int Sites, double PredictedLoss, double PlannedLoss);
