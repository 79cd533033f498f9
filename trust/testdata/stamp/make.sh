# Makes token.der and ca.pem with OpenSSL 3.0, in an empty folder: sh make.sh.
# The keys are thrown away; the certificates end within two days, which is what
# the test of the sample is about.
set -e
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 2 -subj "/CN=Test CA"
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout tsa.key -out tsa.csr -subj "/CN=Test time stamps"
printf 'basicConstraints = critical,CA:false\nkeyUsage = critical,digitalSignature\nextendedKeyUsage = critical,timeStamping\n' > tsa.ext
openssl x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -set_serial 77 -days 1 -extfile tsa.ext -out tsa.pem
echo 01 > serial
printf '[tsa]\ndefault_tsa = config\n[config]\nserial = serial\nsigner_digest = sha256\ndefault_policy = 1.2.3.4.1\ndigests = sha256\naccuracy = secs:1\ness_cert_id_alg = sha256\n' > tsa.conf
printf signature > data
openssl ts -query -data data -sha256 -cert -out query
openssl ts -reply -config tsa.conf -queryfile query -signer tsa.pem -inkey tsa.key -token_out -out token.der
