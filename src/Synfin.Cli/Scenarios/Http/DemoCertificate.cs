using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Synfin.Cli.Certificates;

namespace Synfin.Cli.Scenarios.Http;

/// <summary>The server's certificate, made on the spot, which the client trusts as that very one.</summary>
internal static class DemoCertificate
{
    // The same number every time: the handshake is as long in every run.
    private static readonly Lazy<X509Certificate2> _certificate =
        new(() => OwnCertificate.Make(HttpPlan.Server, [], TimeSpan.FromDays(1), [1]));

    /// <summary>The certificate with its key.</summary>
    public static X509Certificate2 Value => _certificate.Value;

    /// <summary>What the client checks.</summary>
    public static bool IsTrusted(object sender, X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors) =>
        shown is not null && shown.GetRawCertData().AsSpan().SequenceEqual(Value.RawData)
        && (errors & SslPolicyErrors.RemoteCertificateNameMismatch) == 0;
}
