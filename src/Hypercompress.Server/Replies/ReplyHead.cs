namespace Hypercompress.Server.Replies;

/// <summary>What stands at the head of a reply and of all its pieces.</summary>
/// <param name="Id">Name of the reply.</param>
/// <param name="Created">When it was begun, seconds since 1970.</param>
/// <param name="Model">Name of the model.</param>
internal sealed record ReplyHead(string Id, long Created, string Model);
