namespace Hypercompress.Models.Hub;

/// <summary>A model on the Hub at one commit.</summary>
/// <param name="Commit">The commit, 40 hexadecimal digits.</param>
/// <param name="Files">Names of its files.</param>
internal sealed record HubRevision(string Commit, HashSet<string> Files);
