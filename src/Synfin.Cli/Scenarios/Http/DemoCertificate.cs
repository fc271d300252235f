using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Synfin.Cli.Scenarios.Http;

/// <summary>The server's certificate, made on the spot, which the client trusts as that very one.</summary>
internal static class DemoCertificate
{
    private const int KeyBits = 2048;

    // RSA, whose keys and signatures are always as long: so is the handshake, in octets.
    private static readonly Lazy<X509Certificate2> _certificate = new(Make);

    /// <summary>The certificate with its key.</summary>
    public static X509Certificate2 Value => _certificate.Value;

    /// <summary>What the client checks.</summary>
    public static bool IsTrusted(object sender, X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors) =>
        shown is not null && shown.GetRawCertData().AsSpan().SequenceEqual(Value.RawData)
        && (errors & SslPolicyErrors.RemoteCertificateNameMismatch) == 0;

    private static X509Certificate2 Make()
    {
        using RSA key = RSA.Create(KeyBits);
        CertificateRequest request = new($"CN={HttpPlan.Server}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(HttpPlan.Server);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        DateTimeOffset today = DateTimeOffset.UtcNow;
        using X509Certificate2 made = request.Create(
            request.SubjectName,
            X509SignatureGenerator.CreateForRSA(key, RSASignaturePadding.Pkcs1),
            today.AddDays(-1),
            today.AddDays(1),
            [1]);
        return made.CopyWithPrivateKey(key);
    }
}
