using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Synfin.AspNetCore.Tests.Support;

/// <summary>Certificates made on the spot.</summary>
internal static class Certificates
{
    private static readonly DateTimeOffset s_now = DateTimeOffset.UtcNow;

    public static X509Certificate2 Server { get; } = Make("b");

    public static X509Certificate2 Client { get; } = Make("alice");

    private static X509Certificate2 Make(string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(s_now.AddDays(-1), s_now.AddDays(1));
    }
}
