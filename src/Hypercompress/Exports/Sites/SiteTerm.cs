namespace Hypercompress.Exports.Sites;

/// <summary>
/// One of the matrices whose sum is the matrix of a site. Its tensors belong to the caller's dispose scope.
/// </summary>
internal abstract record SiteTerm;
