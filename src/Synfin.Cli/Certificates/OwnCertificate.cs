using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Synfin.Cli.Certificates;

/// <summary>Server certificates made on the spot: nobody vouches for them, and they are gone with the process.</summary>
internal static class OwnCertificate
{
    private const int KeyBits = 2048;
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>Makes one that is valid from yesterday.</summary>
    /// <param name="name">The common name, which is a DNS name of it as well.</param>
    /// <param name="addresses">The addresses that it is for.</param>
    /// <param name="validity">How long from today.</param>
    /// <param name="serialNumber">Big-endian, 1 to 20 octets; browsers want one that they have not seen.</param>
    public static X509Certificate2 Make(string name, IReadOnlyList<IPAddress> addresses, TimeSpan validity, byte[] serialNumber)
    {
        // RSA, whose keys and signatures are always as long: so is the handshake, in octets.
        using RSA key = RSA.Create(KeyBits);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(name);
        foreach (IPAddress address in addresses) names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], critical: false));
        DateTimeOffset today = DateTimeOffset.UtcNow;
        using X509Certificate2 made = request.Create(
            request.SubjectName,
            X509SignatureGenerator.CreateForRSA(key, RSASignaturePadding.Pkcs1),
            today.AddDays(-1),
            today + validity,
            serialNumber);
        return made.CopyWithPrivateKey(key);
    }
}
