namespace Hypercompress.Exports.Sites;

/// <summary>One of the matrices that add up to what stands at a site. Its tensors belong to whoever asked for the terms.</summary>
internal abstract record SiteTerm;
